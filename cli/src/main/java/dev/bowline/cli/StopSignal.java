package dev.bowline.cli;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.jline.utils.Signals;

/**
 * Waits until the operating system asks the program to stop: SIGTERM, Ctrl-C, or the terminal is gone.
 *
 * <p>Left alone, the JVM runs its shutdown hooks at such a signal and exits with 143 or 130, which a supervisor takes for a
 * failure; and a hook can't change that but by {@link Runtime#halt}, which cuts short whatever other hooks do. A signal that
 * is handled has no such effect: the program goes on, stops what it has to and exits in its own way.
 */
public final class StopSignal {
    private final CompletableFuture<Void> received = new CompletableFuture<>();

    private StopSignal() {}

    /** Handles the signals from now on. A signal that the program was started with as ignored stays ignored. */
    public static StopSignal listen() {
        StopSignal signal = new StopSignal();
        for (String name : new String[] {"TERM", "INT", "HUP"}) {
            Signals.register(name, () -> signal.received.complete(null)); // null where the system has no such signal
        }
        return signal;
    }

    public void await() throws InterruptedException {
        try {
            received.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a signal does not fail", e);
        }
    }

    /** Completed when it has come, by a thread of the JVM's. */
    public CompletionStage<Void> received() {
        return received;
    }
}
