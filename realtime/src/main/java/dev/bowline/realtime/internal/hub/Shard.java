package dev.bowline.realtime.internal.hub;

import dev.bowline.session.engine.Engine;
import dev.bowline.session.server.Application;
import dev.bowline.session.server.Node;
import dev.bowline.session.server.NodeOptions;
import dev.bowline.session.server.TopicRules;
import dev.bowline.websocket.internal.loop.EventLoop;
import dev.bowline.websocket.internal.loop.TimingWheel;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The node of one event loop: gives it that loop's thread, clock and timers. Where the loop ends before the node, another one takes it
 * over: sessions outlive the server that they came to.
 */
final class Shard {
    private static final long ORIGIN_NANOS = System.nanoTime();

    private final Node node;
    private final Queue<Runnable> tasks =
            new ConcurrentLinkedQueue<>(); // its own, as it takes them along to another loop
    private volatile EventLoop
            loop; // changed by the thread of the one that ends, as the last that it does for this shard

    // Touched by the loop alone.
    private TimingWheel.Timer timer = TimingWheel.Timer.of(this::onTime);
    private long timerMillis = Long.MAX_VALUE; // when it fires
    private boolean inUse;
    private @Nullable Consumer<Shard> whenEmpty; // while nothing but its sessions is left of it

    /** Begins; on the loop. */
    Shard(EventLoop loop, Engine engine, NodeOptions options, TopicRules rules, Application application) {
        this.loop = loop;
        this.node = new Node(
                engine, options, rules, application, task -> execute(() -> run(task)), nowMillis(), System::nanoTime);
    }

    EventLoop loop() {
        return loop;
    }

    /** Whether this thread uses the node at this moment. */
    boolean isUsedHere() {
        return loop.isInLoop() && inUse;
    }

    /** Of all shards of the process on one scale; from the loop's turn, as it costs nothing. */
    private long nowMillis() {
        return TimeUnit.NANOSECONDS.toMillis(loop.nowNanos() - ORIGIN_NANOS);
    }

    /** Uses the node, on the loop. */
    void use(NodeUse use) {
        boolean outer = inUse;
        inUse = true;
        try {
            use.of(node, nowMillis());
        } finally {
            inUse = outer;
        }
        arm();
        Consumer<Shard> told = whenEmpty;
        if (told != null && !inUse && node.isEmpty()) {
            whenEmpty = null;
            told.accept(this);
        }
    }

    private void run(Runnable task) {
        use((used, now) -> used.run(task, now));
    }

    /** Runs a task on the node's thread, in one of its next turns; from any thread. */
    void execute(Runnable task) {
        tasks.add(task);
        loop.execute(this::runNext); // if that has just ended, whoever takes over finds the task
    }

    private void runNext() {
        Runnable task = tasks.poll();
        if (task != null) {
            task.run();
        }
    }

    /** Uses the node, from any thread: at once on its own, else in one of its next turns. */
    void submit(NodeUse use) {
        if (loop.isInLoop()) {
            use(use);
        } else {
            execute(() -> use(use));
        }
    }

    /** What is done with a node. */
    interface NodeUse {
        void of(Node node, long nowMillis);
    }

    private void onTime() {
        timerMillis = Long.MAX_VALUE;
        use(Node::onTime);
    }

    private void arm() {
        long deadline = node.deadlineMillis();
        if (deadline < timerMillis) {
            timerMillis = deadline;
            loop.timers().set(timer, ORIGIN_NANOS + TimeUnit.MILLISECONDS.toNanos(deadline));
        }
    }

    // ---- The loop ends ----

    /**
     * Goes on, on another loop; the last that the thread of the one before does. No connection can come to it there: it is for its sessions,
     * which expire, or go where their clients come back to.
     *
     * @param empty called when none is left, on the other loop
     */
    void moveTo(EventLoop next, Consumer<Shard> empty) {
        timer = TimingWheel.Timer.of(this::onTime); // the old one is set on the loop that has ended
        timerMillis = Long.MAX_VALUE;
        loop = next;
        next.execute(() -> {
            for (int left = tasks.size(); left > 0; left--) { // of which the loop before was told
                runNext();
            }
            whenEmpty = empty;
            use((moved, now) -> {}); // for its timer; and it may be empty now
        });
    }
}
