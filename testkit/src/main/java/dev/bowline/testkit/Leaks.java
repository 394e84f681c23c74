package dev.bowline.testkit;

import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Finds threads that outlive what started them. Sees platform threads only: the JDK does not list virtual ones.
 */
public final class Leaks {
    private static final int FRAMES_SHOWN = 8;

    private Leaks() {}

    /** The number of live threads whose name begins with {@code prefix}. */
    public static int countThreads(String prefix) {
        return threads(prefix).size();
    }

    /** Waits up to ten seconds until no live thread has a name that begins with {@code prefix}. */
    public static void assertNoThreads(String prefix) {
        assertNoThreads(prefix, Await.DEFAULT);
    }

    /**
     * Waits until no live thread has a name that begins with {@code prefix}.
     *
     * @throws AssertionError naming the threads that are left and what they do
     */
    public static void assertNoThreads(String prefix, Duration atMost) {
        try {
            Await.until("no thread named " + prefix + "…", atMost, () -> countThreads(prefix) == 0);
        } catch (AssertionError e) {
            List<Thread> left = threads(prefix);
            throw new AssertionError(
                    e.getMessage() + "; left: "
                            + left.stream().map(Leaks::describe).collect(Collectors.joining("\n")),
                    e);
        }
    }

    private static List<Thread> threads(String prefix) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(prefix))
                .sorted(Comparator.comparing(Thread::getName))
                .toList();
    }

    private static String describe(Thread thread) {
        return thread.getName() + " (" + thread.getState() + ")"
                + Arrays.stream(thread.getStackTrace())
                        .limit(FRAMES_SHOWN)
                        .map(frame -> "\n    at " + frame)
                        .collect(Collectors.joining());
    }
}
