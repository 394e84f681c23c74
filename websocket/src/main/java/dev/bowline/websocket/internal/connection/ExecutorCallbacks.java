package dev.bowline.websocket.internal.connection;

import dev.bowline.websocket.WebSocketListener;
import dev.bowline.websocket.internal.log.Log;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Calls the listener on an executor: one callback at a time, in order, and with reading paused while too much waits. If
 * the executor rejects, the connection is closed with 1011, and what is left, {@code onClose} at least, is told on the
 * event loop.
 */
final class ExecutorCallbacks extends Callbacks {
    private static final Log LOG = Log.of(ExecutorCallbacks.class);

    /** With more payload than this waiting, reading is paused until half of it is done. */
    private static final long PAUSE_BYTES = 64 * 1024;

    /** What each callback counts beside its payload, so that empty messages are bounded too. */
    private static final int OVERHEAD_BYTES = 64;

    /** How many callbacks to run before other connections get the thread. */
    private static final int BATCH = 64;

    private record Waiting(Event event, @Nullable Object argument, int bytes) {}

    private final Executor executor;
    private final Queue<Waiting> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger(); // callbacks queued and not yet finished
    private final AtomicLong waitingBytes = new AtomicLong();
    private boolean paused; // touched by the event loop alone

    ExecutorCallbacks(Connection connection, WebSocketListener listener, Executor executor) {
        super(connection, listener);
        this.executor = executor;
    }

    @Override
    void tell(Event event, @Nullable Object argument) {
        int bytes = OVERHEAD_BYTES;
        Object kept = argument;
        if (argument instanceof ByteBuffer payload) {
            bytes += payload.remaining();
            kept = ByteBuffer.allocate(payload.remaining()).put(payload).flip();
        }
        queue.add(new Waiting(event, kept, bytes));
        if (waitingBytes.addAndGet(bytes) > PAUSE_BYTES && !paused) {
            paused = true;
            connection.pauseForCallbacks(true);
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
            LOG.log(System.Logger.Level.ERROR, "The callback executor rejected; closing " + connection, e);
            connection.callbackFailed();
            connection.loop().execute(task);
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
            invoke(next.event(), next.argument());
            long left = waitingBytes.addAndGet(-next.bytes());
            if (left <= PAUSE_BYTES / 2 && left + next.bytes() > PAUSE_BYTES / 2) {
                connection.loop().execute(this::resume);
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
            connection.pauseForCallbacks(false);
        }
    }
}
