package dev.bowline.session.server;

import dev.bowline.session.engine.Callback;
import dev.bowline.session.engine.Failure;
import dev.bowline.session.engine.SessionMessage;

/**
 * Says what became of a command until its session has it, or is over: as long as no node has it, nobody can take it. Touched on the node's
 * thread alone.
 */
final class Assured extends Timed {
    private static final long PAUSE_MILLIS = 1_000;

    private final Node node;
    private final String session;
    private final SessionMessage message;
    private final Callback<Boolean> taken;
    private final long lastMillis; // after that the session has given up to wait
    private long atMillis = NEVER;

    Assured(Node node, String session, SessionMessage message, Callback<Boolean> taken) {
        this.node = node;
        this.session = session;
        this.message = message;
        this.taken = taken;
        this.lastMillis = node.now() + node.options().handlerMillis();
    }

    void say() {
        node.engine().bus().toSession(session, message, Callback.of(taken::done, this::failed));
    }

    /** It is not known whether it came. */
    void failed(Failure failure) {
        if (node.isStopped() || node.now() >= lastMillis) {
            taken.failed(failure);
        } else {
            atMillis = node.now() + PAUSE_MILLIS;
            node.timers().update(this);
        }
    }

    @Override
    long deadlineMillis() {
        return atMillis;
    }

    @Override
    void onTime(long nowMillis) {
        atMillis = NEVER;
        say();
    }
}
