package dev.bowline.cli.hook;

import dev.bowline.testkit.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Time that goes by when told to, and what is due then is done by who tells it. Safe from any thread. */
final class ManualTimer implements HookTimer {
    private static final Instant START = Instant.parse("2026-05-01T12:00:00Z");

    private final ManualClock clock = new ManualClock();
    private final long startNanos = clock.nanoTime();
    private final List<Task> tasks = new ArrayList<>(); // under the lock

    private record Task(long dueNanos, Runnable work) {}

    @Override
    public long nanoTime() {
        return clock.nanoTime();
    }

    @Override
    public Instant now() {
        return START.plus(elapsed());
    }

    /** Since the beginning. */
    Duration elapsed() {
        return Duration.ofNanos(clock.nanoTime() - startNanos);
    }

    @Override
    public synchronized void after(long nanos, Runnable work) {
        tasks.add(new Task(clock.nanoTime() + nanos, work));
    }

    /** How much is to be done later. */
    synchronized int waiting() {
        return tasks.size();
    }

    private synchronized Optional<Task> first() {
        return tasks.stream().min(Comparator.comparingLong(task -> task.dueNanos - startNanos));
    }

    private synchronized void remove(Task task) {
        tasks.remove(task);
    }

    /** Lets time go by, and does what is due meanwhile. */
    void advance(Duration step) {
        long end = clock.nanoTime() + step.toNanos();
        for (Optional<Task> next = first(); next.isPresent() && next.get().dueNanos - end <= 0; next = first()) {
            run(next.get());
        }
        clock.advanceNanos(end - clock.nanoTime());
    }

    /** Lets time go by until the next thing is due, and does that. */
    void advanceToNext() {
        run(first().orElseThrow());
    }

    private void run(Task task) {
        remove(task);
        clock.advanceNanos(Math.max(0, task.dueNanos - clock.nanoTime()));
        task.work.run();
    }
}
