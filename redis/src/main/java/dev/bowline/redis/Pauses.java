package dev.bowline.redis;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Time that passes before something goes on. Safe from any thread. */
final class Pauses {
    private final ScheduledExecutorService scheduler;
    private final AtomicInteger pending = new AtomicInteger();

    Pauses(ScheduledExecutorService scheduler) {
        this.scheduler = scheduler;
    }

    /** Runs a step of something that is under way, after a short while. */
    void later(Runnable step, long millis) {
        pending.incrementAndGet();
        schedule(
                () -> {
                    try {
                        step.run();
                    } finally {
                        pending.decrementAndGet();
                    }
                },
                millis);
    }

    /** Whether anything is under way but for such a while. */
    boolean isPausing() {
        return pending.get() > 0;
    }

    /** Runs something that nobody waits for. */
    void background(Runnable task, long millis) {
        schedule(task, millis);
    }

    private void schedule(Runnable task, long millis) {
        try {
            ScheduledFuture<?> unused = scheduler.schedule(task, millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            return; // the engine is closed, and its nodes have left: nobody is there to be told
        }
    }
}
