package dev.bowline.verification.soak;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.bowline.websocket.internal.loop.EventLoop;
import dev.bowline.websocket.internal.loop.EventLoop.Holdings;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.ToLongFunction;

/**
 * What the program uses while nobody is connected.
 *
 * @param heapBytes after a collection
 * @param directBytes of direct byte buffers, but for the chunks that event loops keep for the next use
 * @param threads that run
 * @param files that are open
 */
record Calm(long heapBytes, long directBytes, long threads, long files) {
    private static final int COLLECTIONS = 4;

    /** Heap and direct memory may be so much higher at the end than at the beginning; caches fill late. */
    private static final long BYTES_BOUND = 8 << 20;

    /** Threads that the JDK starts for itself. */
    private static final long COUNT_BOUND = 8;

    static Calm measure(Set<EventLoop> loops) throws InterruptedException {
        for (int i = 0; i < COLLECTIONS; i++) { // direct buffers are freed by a thread that follows the collector
            System.gc();
            Thread.sleep(100);
        }
        long idle = 0;
        for (Holdings holdings : holdings(loops)) {
            idle += (long) holdings.idleChunks() * EventLoop.CHUNK_BYTES;
        }
        long direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        long files = ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? system.getOpenFileDescriptorCount()
                : 0;
        return new Calm(
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
                direct - idle,
                ManagementFactory.getThreadMXBean().getThreadCount(),
                files);
    }

    /** What each loop holds; empty for one that does not say so. */
    static List<Holdings> holdings(Set<EventLoop> loops) throws InterruptedException {
        List<Holdings> all = new ArrayList<>();
        for (EventLoop loop : loops) {
            CompletableFuture<Holdings> answer = new CompletableFuture<>();
            loop.execute(() -> answer.complete(loop.holdings()));
            try {
                all.add(answer.get(10, TimeUnit.SECONDS));
            } catch (ExecutionException | TimeoutException e) {
                if (!loop.hasEnded()) {
                    throw new IllegalStateException(loop.name() + " does not answer", e);
                }
            }
        }
        return all;
    }

    /** What has grown from the first third of the calms to the last one; one at least must come before these. */
    static Optional<String> growth(List<Calm> calms) {
        int third = Math.max(1, (calms.size() - 1) / 3);
        List<Calm> early = calms.subList(1, 1 + third); // caches fill in the first round
        List<Calm> late = calms.subList(calms.size() - third, calms.size());
        List<String> grown = new ArrayList<>();
        compare(grown, "heap bytes", BYTES_BOUND, early, late, Calm::heapBytes);
        compare(grown, "direct bytes", BYTES_BOUND, early, late, Calm::directBytes);
        compare(grown, "threads", COUNT_BOUND, early, late, Calm::threads);
        compare(grown, "open files", COUNT_BOUND, early, late, Calm::files);
        return grown.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", grown));
    }

    private static void compare(
            List<String> grown, String what, long bound, List<Calm> early, List<Calm> late, ToLongFunction<Calm> of) {
        long before = median(early, of);
        long after = median(late, of);
        if (after > before + bound) {
            grown.add(what + " grew from " + before + " to " + after);
        }
    }

    private static long median(List<Calm> calms, ToLongFunction<Calm> of) {
        return calms.stream()
                .mapToLong(of)
                .sorted()
                .skip(calms.size() / 2)
                .findFirst()
                .orElseThrow();
    }

    @Override
    public String toString() {
        return "heap " + (heapBytes >> 10) + " KiB, direct " + (directBytes >> 10) + " KiB, " + threads + " threads, "
                + files + " files";
    }
}
