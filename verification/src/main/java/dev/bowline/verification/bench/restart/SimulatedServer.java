package dev.bowline.verification.bench.restart;

import dev.bowline.session.engine.Engine;
import dev.bowline.session.memory.MemoryEngine;
import dev.bowline.session.server.NodeOptions;
import java.util.SplittableRandom;

/** Whom all clients connect to: one node at a time, which takes in any number at once; what that costs is not simulated. */
final class SimulatedServer {
    private final Timeline timeline;
    private final NodeOptions options;
    private final SplittableRandom random;
    private Engine engine;
    private SimulatedNode node;
    private boolean listening = true;
    private int incarnation; // a connection to an earlier one is cut

    SimulatedServer(Timeline timeline, NodeOptions options, SplittableRandom random) {
        this.timeline = timeline;
        this.options = options;
        this.random = random;
        this.engine = newEngine();
        this.node = new SimulatedNode(timeline, engine, options);
    }

    private Engine newEngine() {
        return new MemoryEngine(
                () -> Long.toHexString(random.nextLong() | Long.MIN_VALUE) + Long.toHexString(random.nextLong()));
    }

    SimulatedNode node() {
        return node;
    }

    boolean isListening() {
        return listening;
    }

    int incarnation() {
        return incarnation;
    }

    /** Sends its clients away and goes; another one follows in the same process, on the same engine. Returns the node that is left. */
    SimulatedNode restart(long awayMillis) {
        SimulatedNode before = node;
        before.use(used -> used.dismissAll(0, timeline.now()));
        listening = false;
        timeline.in(awayMillis, () -> {
            node = new SimulatedNode(timeline, engine, options);
            listening = true;
        });
        return before;
    }

    /** Dies with all that it has; another one follows that knows nothing. */
    void crash(long awayMillis) {
        incarnation++;
        node.die();
        listening = false;
        engine = newEngine();
        node = new SimulatedNode(timeline, engine, options);
        timeline.in(awayMillis, () -> listening = true);
    }
}
