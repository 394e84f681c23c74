package dev.bowline.websocket.internal.loop;

import dev.bowline.codec.BufferSource;
import dev.bowline.codec.ExtensionScope;
import dev.bowline.codec.OutputQueue;
import dev.bowline.websocket.TransportKind;
import dev.bowline.websocket.internal.log.Log;
import dev.bowline.websocket.internal.transport.Stream;
import dev.bowline.websocket.internal.transport.Transport;
import dev.bowline.websocket.internal.transport.Transports;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One thread that serves many connections: it waits for streams that are ready, lets them read, runs timers and tasks,
 * and at the end of each turn flushes what was written during it.
 *
 * <p>{@link #execute} and {@link #isInLoop} may be called from any thread, all else from the loop's own.
 */
public final class EventLoop implements Executor {
    private static final Log LOG = Log.of(EventLoop.class);

    /** How long to wait for a loop that is to end and does nothing. */
    private static final Duration END_GRACE = Duration.ofSeconds(5);

    private static final Duration FAILED_TURN_PAUSE = Duration.ofMillis(10);

    private static final int READ_BUFFER_BYTES = 64 * 1024;
    private static final int GATHER_BUFFERS = 64;
    private static final int WRITE_BUFFER_BYTES = 64 * 1024;
    private static final int TASK_BATCH = 1024;
    private static final int LAST_PASSES = 4;

    /** Something that has bytes to flush at the end of a turn. */
    public interface Flushable {
        void flush();
    }

    /** A task that can do what the next task is to do along with its own. */
    public interface JoiningTask extends Runnable {
        /** Takes the next task over; false if it is of another kind. */
        boolean join(Runnable next);
    }

    /**
     * What a loop holds at a moment. Without connections nothing is left but the acceptor, where there is one, and idle
     * chunks.
     *
     * @param streams streams and acceptors that are registered
     * @param timers timers that are set
     * @param chunks chunks of outgoing queues in use
     * @param idleChunks chunks kept for the next use, of {@link #CHUNK_BYTES} each
     */
    public record Holdings(int streams, int timers, int chunks, int idleChunks) {}

    /** The size of a chunk of outgoing queues. */
    public static final int CHUNK_BYTES = BufferPool.CHUNK_BYTES;

    private final Transport transport;
    private final Thread thread;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean wakeUpPending = new AtomicBoolean(); // set by whoever wakes the loop, cleared by it

    private final LoopCounters counters = new LoopCounters();

    // Touched by the loop alone.
    private final TimingWheel timers;
    private final BufferPool pool = new BufferPool();
    private final ByteBuffer readBuffer = ByteBuffer.allocateDirect(READ_BUFFER_BYTES);
    private final ByteBuffer[] gathered = new ByteBuffer[GATHER_BUFFERS];
    private final ByteBuffer writeBuffer = ByteBuffer.allocateDirect(WRITE_BUFFER_BYTES);
    private final ExtensionScope extensions = new ExtensionScope();
    private final IntSupplier maskingKeys = new RandomInts(new SecureRandom())::next;
    private List<Flushable> unflushed = new ArrayList<>();
    private List<Flushable> flushing = new ArrayList<>();
    private long nowNanos = System.nanoTime();
    private boolean inTurn; // false from the wait until somebody asks for the time
    private final List<Runnable> atEnd = new ArrayList<>(0);

    // Written by the loop, read by the watchdog.
    private volatile long turnBeganNanos; // zero while the loop waits
    // The application's callback that runs now. Read without synchronisation: at worst a warning names the one before.
    private @Nullable Object callbackOwner;
    private String callbackName = "";
    // Counts what the loop does. Read without synchronisation by who waits for its end: at worst it waits too short.
    private long steps;

    private volatile boolean stopping;
    private volatile boolean ended; // tasks given after this was set may never run

    private EventLoop(String name, boolean daemon, Transport transport) {
        this.transport = transport;
        this.timers = new TimingWheel(nowNanos);
        this.thread = new Thread(this::run, name);
        thread.setDaemon(daemon);
    }

    /**
     * Starts a loop.
     *
     * @param daemon whether the program may end while it runs
     * @throws UnsupportedOperationException if there is no transport of that kind here; the message says why
     */
    public static EventLoop start(String name, boolean daemon, TransportKind kind) {
        try {
            Transport transport = Transports.open(kind);
            try {
                EventLoop loop = new EventLoop(name, daemon, transport);
                loop.thread.start();
                LoopWatchdog.watch(loop);
                return loop;
            } catch (Error e) { // no memory for its buffer or its thread
                transport.close();
                throw e;
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("can't start event loop " + name, e);
        }
    }

    // ---- From any thread ----

    /** The loops of this program that have not ended; for those who look for leaks. */
    public static Set<EventLoop> running() {
        return LoopWatchdog.watched();
    }

    public boolean isInLoop() {
        return Thread.currentThread() == thread;
    }

    /** Runs the task in one of the loop's next turns. A task given to a loop that has stopped never runs. */
    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        if (!isInLoop() && wakeUpPending.compareAndSet(false, true)) {
            transport.wakeUp();
        }
    }

    /** Ends the loop after its turn and the tasks given until then, and closes its streams. */
    public void stop() {
        stopping = true;
        transport.wakeUp();
    }

    /**
     * Ends loops, and waits until they have ended; for one that does nothing for {@link #END_GRACE}, as a callback blocks it,
     * no longer. That one ends, and does what it has still to do, when the callback returns.
     */
    public static void end(List<EventLoop> loops) throws InterruptedException {
        loops.forEach(EventLoop::stop);
        for (EventLoop loop : loops) {
            long seen = loop.progress();
            long seenNanos = System.nanoTime();
            while (loop.thread.isAlive() && System.nanoTime() - seenNanos < END_GRACE.toNanos()) {
                loop.thread.join(50);
                if (loop.progress() != seen) { // slow, on a busy machine, but not blocked
                    seen = loop.progress();
                    seenNanos = System.nanoTime();
                }
            }
            if (loop.thread.isAlive()) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "Event loop {0} does not end, blocked by {1}; it will when that returns",
                        loop.name(),
                        loop.activity());
            }
        }
    }

    private long progress() {
        return steps + transport.handled();
    }

    public String name() {
        return thread.getName();
    }

    /** Whether a task that is given from now on may never run. */
    public boolean hasEnded() {
        return ended;
    }

    boolean isStopping() {
        return stopping;
    }

    Thread thread() {
        return thread;
    }

    long turnBeganNanos() {
        return turnBeganNanos;
    }

    /** How long the present turn has taken; 0 while the loop waits. */
    public long turnNanos() {
        long began = turnBeganNanos;
        return began == 0 ? 0 : Math.max(0, System.nanoTime() - began);
    }

    /** What it has done. Each of its methods says who may call it. */
    public LoopCounters counters() {
        return counters;
    }

    /** What the loop is doing, as far as another thread can tell. */
    String activity() {
        Object owner = callbackOwner;
        return owner == null ? "work of its own" : owner.getClass().getName() + "." + callbackName;
    }

    // ---- From the loop's thread ----

    public Holdings holdings() {
        return new Holdings(transport.registered(), timers.size(), pool.inUse(), pool.idle());
    }

    public Transport transport() {
        return transport;
    }

    public TimingWheel timers() {
        return timers;
    }

    /** The time of this turn, on the scale of {@link System#nanoTime}. */
    public long nowNanos() {
        if (!inTurn) {
            beginTurn();
        }
        return nowNanos;
    }

    /** The one buffer that all its connections read into; cleared, off-heap. */
    public ByteBuffer readBuffer() {
        return readBuffer.clear();
    }

    public BufferSource buffers() {
        return pool;
    }

    /** What the extensions of its connections share. */
    public ExtensionScope extensions() {
        return extensions;
    }

    /** Writes as much of a queue as the operating system takes; false if some of it is left. */
    public boolean drain(OutputQueue output, Stream stream) throws IOException {
        while (!output.isEmpty()) {
            int count = output.gather(gathered);
            boolean copy = count == 0 || (output.buffers() > 1 && output.size() <= WRITE_BUFFER_BYTES);
            long offered;
            long written;
            if (copy) { // many small ones leave faster together than each by its address
                output.copyTo(writeBuffer);
                offered = writeBuffer.remaining();
                gathered[0] = writeBuffer;
                written = stream.write(gathered, 1);
                output.skip(written);
            } else {
                offered = 0;
                for (int i = 0; i < count; i++) {
                    offered += gathered[i].remaining();
                }
                written = stream.write(gathered, count);
                output.sent(written);
            }
            if (written < offered) {
                return false;
            }
        }
        return true;
    }

    /**
     * Writes a buffer of at most {@link #CHUNK_BYTES}, from index 0 to its limit, past any queue; its position is not used. Returns how
     * many bytes the operating system took.
     */
    public int write(ByteBuffer small, Stream stream) throws IOException {
        int n = small.limit();
        gathered[0] = writeBuffer.clear().put(0, small, 0, n).limit(n);
        return (int) stream.write(gathered, 1);
    }

    /** Unpredictable masking keys (RFC 6455 §5.3, §10.3). */
    public IntSupplier maskingKeys() {
        return maskingKeys;
    }

    /** Runs an action when the loop has ended, as the last that its thread does; nothing on the loop is of use then. */
    public void atEnd(Runnable action) {
        atEnd.add(action);
    }

    /** Has the object flushed at the end of this turn; it asks once a turn. */
    public void flushLater(Flushable object) {
        unflushed.add(object);
    }

    /** Notes, for the watchdog, that a callback of the application begins. */
    public void callbackBegins(Object owner, String name) {
        steps++;
        callbackName = name;
        callbackOwner = owner;
    }

    /** Notes that it has returned. */
    public void callbackEnds() {
        callbackOwner = null;
    }

    private void run() {
        int failures = 0; // in a row
        while (!stopping) {
            try {
                turn();
                failures = 0;
            } catch (IOException | RuntimeException | Error e) {
                // Connections catch what concerns them, so this is a fault of the loop's own or of the platform. The
                // loop goes on: it has other connections to serve. But where it lasts, neither log nor processor is
                // to be flooded.
                if (Integer.bitCount(++failures) == 1) {
                    LOG.log(
                            System.Logger.Level.ERROR,
                            "Event loop " + name() + " failed in a turn (" + failures + " in a row)",
                            e);
                }
                LockSupport.parkNanos(FAILED_TURN_PAUSE.toNanos());
            }
        }
        // Who waits for a task that was given in time, such as the last callback of a connection, must not wait in
        // vain.
        ended = true;
        for (int pass = 0; pass < LAST_PASSES; pass++) { // what they give in turn too, but not for ever
            for (int batches = tasks.size() / TASK_BATCH; batches >= 0; batches--) {
                runTasks();
            }
        }
        transport.close();
        extensions.close();
        atEnd.forEach(Runnable::run);
    }

    private void turn() throws IOException {
        long endedNanos = System.nanoTime();
        if (inTurn) {
            counters.turned(endedNanos - nowNanos);
        }
        long toTimer = timers.nanosToNext(endedNanos);
        inTurn = false;
        turnBeganNanos = 0;
        Thread.interrupted(); // a callback that left it set would make every wait return at once
        boolean idle = tasks.isEmpty() && unflushed.isEmpty();
        transport.poll(idle ? toTimer : 0); // streams that are ready read, and begin the turn
        long lateNanos = nowNanos() - endedNanos - toTimer;
        if (toTimer != TimingWheel.NONE && lateNanos >= 0) {
            counters.late(lateNanos);
        }
        timers.advance(nowNanos);
        runTasks();
        flush();
    }

    private void beginTurn() {
        inTurn = true;
        wakeUpPending.set(false);
        nowNanos = System.nanoTime();
        turnBeganNanos = nowNanos | 1; // never the zero that means waiting
    }

    private void runTasks() {
        // Not all at once: a task that gives tasks must not starve the streams.
        for (int n = 0; n < TASK_BATCH; n++) {
            Runnable task = tasks.poll();
            if (task == null) {
                return;
            }
            steps++;
            if (task instanceof JoiningTask joining) {
                while (n < TASK_BATCH && tasks.peek() instanceof JoiningTask next && joining.join(next)) {
                    tasks.poll();
                    n++;
                }
            }
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                LOG.log(System.Logger.Level.ERROR, "A task of event loop " + name() + " failed", e);
            }
        }
    }

    private void flush() {
        // Flushing may write more (a pong that was put off, an onDrained that sends): that is the next turn's.
        List<Flushable> now = unflushed;
        unflushed = flushing;
        flushing = now;
        for (Flushable object : now) {
            steps++;
            try {
                object.flush();
            } catch (RuntimeException | Error e) {
                // As in run(): it must not keep the others from sending.
                LOG.log(System.Logger.Level.ERROR, "A flush in event loop " + name() + " failed", e);
            }
        }
        now.clear();
    }
}
