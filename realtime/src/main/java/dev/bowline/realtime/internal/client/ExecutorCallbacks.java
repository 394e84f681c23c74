package dev.bowline.realtime.internal.client;

import dev.bowline.websocket.internal.log.Log;
import dev.bowline.websocket.internal.loop.EventLoop;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Runs callbacks on an executor: one at a time, in order, and with reading paused while too much waits. What the executor rejects runs on
 * the event loop, so that nothing is lost.
 */
final class ExecutorCallbacks extends Callbacks {
    private static final Log LOG = Log.of(ExecutorCallbacks.class);

    /** With more payload than this waiting, reading is paused until half of it is done. */
    private static final long PAUSE_BYTES = 64 * 1024;

    /** What each callback counts beside its payload, so that empty messages are bounded too. */
    private static final int OVERHEAD_BYTES = 64;

    /** How many callbacks to run before others get the thread. */
    private static final int BATCH = 64;

    /** Stops and restarts what brings callbacks about; called on the event loop. */
    interface Source {
        void pause(boolean paused);
    }

    private record Waiting(Object owner, String name, Runnable callback, int bytes) {}

    private final Executor executor;
    private final Source source;
    private final Queue<Waiting> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger(); // callbacks queued and not yet finished
    private final AtomicLong waitingBytes = new AtomicLong();
    private boolean paused; // touched by the event loop alone

    ExecutorCallbacks(EventLoop loop, Executor executor, Source source) {
        super(loop);
        this.executor = executor;
        this.source = source;
    }

    @Override
    void tell(Object owner, String name, int bytes, Runnable callback) {
        int cost = bytes + OVERHEAD_BYTES;
        queue.add(new Waiting(owner, name, callback, cost));
        if (waitingBytes.addAndGet(cost) > PAUSE_BYTES && !paused) {
            paused = true;
            source.pause(true);
        }
        if (waiting.getAndIncrement() == 0) {
            schedule();
        }
    }

    private void schedule() {
        Runnable task = once(this::runSome);
        try {
            executor.execute(task);
        } catch (RuntimeException | Error e) { // most often RejectedExecutionException; or no thread could be started
            LOG.log(System.Logger.Level.ERROR, "The callback executor rejected; callbacks run on the event loop", e);
            loop.execute(task);
        }
    }

    /** An executor may throw and run the task all the same, as a thread pool does that queued it and can start no thread. */
    private static Runnable once(Runnable task) {
        AtomicBoolean taken = new AtomicBoolean();
        return () -> {
            if (taken.compareAndSet(false, true)) {
                task.run();
            }
        };
    }

    private void runSome() {
        for (int done = 1; ; done++) {
            Waiting next = queue.poll();
            if (next == null) {
                throw new IllegalStateException("fewer callbacks than counted");
            }
            if (loop.isInLoop()) {
                callOnLoop(next.owner(), next.name(), next.callback());
            } else {
                call(next.owner(), next.name(), next.callback());
            }
            long left = waitingBytes.addAndGet(-next.bytes());
            if (left <= PAUSE_BYTES / 2 && left + next.bytes() > PAUSE_BYTES / 2) {
                loop.execute(this::resume);
            }
            if (waiting.decrementAndGet() == 0) {
                return;
            }
            if (done == BATCH) {
                schedule();
                return;
            }
        }
    }

    private void resume() {
        if (paused && waitingBytes.get() <= PAUSE_BYTES) {
            paused = false;
            source.pause(false);
        }
    }
}
