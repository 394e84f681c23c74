package dev.bowline.verification.bench.restart;

import dev.bowline.session.engine.Callback;
import dev.bowline.session.engine.Engine;
import dev.bowline.session.server.Action;
import dev.bowline.session.server.Application;
import dev.bowline.session.server.Identity;
import dev.bowline.session.server.Node;
import dev.bowline.session.server.NodeOptions;
import dev.bowline.session.server.SessionChange;
import dev.bowline.session.server.SessionInfo;
import dev.bowline.session.server.TopicRules;
import dev.bowline.session.wire.Cursor;
import dev.bowline.session.wire.Payload;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A node on the timeline. */
final class SimulatedNode {
    /** Lets everybody in and everything pass. */
    private static final class Anything implements Application {
        @Override
        public void authenticate(@Nullable String token, Callback<Identity> done) {
            done.done(Identity.ANONYMOUS);
        }

        @Override
        public void authorize(SessionInfo session, Action action, String name, Callback<Boolean> done) {
            done.done(true);
        }

        @Override
        public void onRequest(SessionInfo session, long seq, String name, Payload payload, boolean stream) {
            throw new IllegalStateException("nobody asks for " + name);
        }

        @Override
        public void onReady(String session, long seq) {}

        @Override
        public void onCancelled(String session, long seq) {}

        @Override
        public void onMessage(SessionInfo session, String name, Payload payload, Callback<Boolean> done) {
            done.done(true);
        }

        @Override
        public void onSession(SessionInfo session, SessionChange change) {}

        @Override
        public void onStoredOffline(String user, Cursor cursor, Payload payload) {}
    }

    private final Timeline timeline;
    private final Node node;
    private long awaitedMillis = Long.MAX_VALUE; // when it is told the time
    private boolean dead;

    SimulatedNode(Timeline timeline, Engine engine, NodeOptions options) {
        this.timeline = timeline;
        this.node = new Node(
                engine,
                options,
                TopicRules.DEFAULT,
                new Anything(),
                task -> timeline.in(0, () -> use(used -> used.run(task, timeline.now()))),
                timeline.now());
    }

    void use(Consumer<Node> use) {
        if (dead) {
            return;
        }
        use.accept(node);
        long deadline = node.deadlineMillis();
        if (deadline < awaitedMillis) {
            awaitedMillis = deadline;
            timeline.at(deadline, () -> onTime(deadline));
        }
    }

    private void onTime(long millis) {
        if (awaitedMillis == millis) { // else it asked for an earlier time since
            awaitedMillis = Long.MAX_VALUE;
            use(used -> used.onTime(timeline.now()));
        }
    }

    /** Ends without a word to anybody. */
    void die() {
        dead = true;
    }

    int sessionCount() {
        return node.sessionCount();
    }
}
