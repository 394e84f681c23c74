package dev.bowline.realtime.internal.hub;

import dev.bowline.session.engine.Engine;
import dev.bowline.session.server.Application;
import dev.bowline.session.server.Node;
import dev.bowline.session.server.NodeOptions;
import dev.bowline.session.server.TopicRules;
import dev.bowline.websocket.internal.loop.EventLoop;
import dev.bowline.websocket.internal.loop.TimingWheel;
import java.util.concurrent.TimeUnit;

/** The node of one event loop: gives it that loop's thread, clock and timers. */
final class Shard {
    private static final long ORIGIN_NANOS = System.nanoTime();

    private final EventLoop loop;
    private final Node node;
    private final TimingWheel.Timer timer = TimingWheel.Timer.of(this::onTime);
    private long timerMillis = Long.MAX_VALUE; // when it fires

    /** Begins; on the loop. */
    Shard(EventLoop loop, Engine engine, NodeOptions options, TopicRules rules, Application application) {
        this.loop = loop;
        this.node = new Node(engine, options, rules, application, task -> loop.execute(() -> run(task)), nowMillis());
    }

    EventLoop loop() {
        return loop;
    }

    /** Of all shards of the process on one scale; from the loop's turn, as it costs nothing. */
    private long nowMillis() {
        return TimeUnit.NANOSECONDS.toMillis(loop.nowNanos() - ORIGIN_NANOS);
    }

    /** Uses the node, on the loop. */
    void use(NodeUse use) {
        use.of(node, nowMillis());
        arm();
    }

    private void run(Runnable task) {
        node.run(task, nowMillis());
        arm();
    }

    /** Uses the node, from any thread: at once on its own, else in one of its next turns. */
    void submit(NodeUse use) {
        if (loop.isInLoop()) {
            use(use);
        } else {
            loop.execute(() -> use(use));
        }
    }

    /** What is done with a node. */
    interface NodeUse {
        void of(Node node, long nowMillis);
    }

    private void onTime() {
        timerMillis = Long.MAX_VALUE;
        node.onTime(nowMillis());
        arm();
    }

    private void arm() {
        long deadline = node.deadlineMillis();
        if (deadline < timerMillis) {
            timerMillis = deadline;
            loop.timers().set(timer, ORIGIN_NANOS + TimeUnit.MILLISECONDS.toNanos(deadline));
        }
    }
}
