package dev.bowline.session.server;

import dev.bowline.session.wire.ServerMessage;
import org.jspecify.annotations.Nullable;

/**
 * What comes to a client after its session was resumed, until its topics are up to date; for the application to hear of
 * ({@link SessionEvent.CaughtUp}). Counts for the node too, at any time. Touched as its session is.
 */
final class CatchUp {
    private final Session session;
    private @Nullable Progress progress; // from a resume until all has come, or the connection ends

    /** What has come so far. */
    private static final class Progress {
        final long beganMillis;
        boolean announced; // the application knows of the resume
        long direct;
        long topic;
        long gaps;
        long missed;
        long resets;

        Progress(long beganMillis) {
            this.beganMillis = beganMillis;
        }
    }

    CatchUp(Session session) {
        this.session = session;
    }

    private Node node() {
        return session.node();
    }

    /** The session is resumed. */
    void begin() {
        progress = new Progress(node().now());
    }

    /** Its connection has ended. */
    void stop() {
        progress = null;
    }

    // ---- What comes ----

    /** A direct message goes out again. */
    void directAgain() {
        node().counters().directAgain();
        Progress now = progress;
        if (now != null) {
            now.direct++;
        }
    }

    /** Messages of a topic went out that was not up to date. */
    void sent(int messages) {
        Progress now = progress;
        node().counters().topic(messages, now != null);
        if (now != null) {
            now.topic += messages;
        }
    }

    /** Something goes out that is no message of a topic. */
    void sent(ServerMessage message) {
        Progress now = progress;
        if (message instanceof ServerMessage.Gap gap) {
            long messages = gap.to() - gap.from() + 1;
            node().counters().gap(gap.code(), messages);
            if (now != null) {
                now.gaps++;
                now.missed += messages;
            }
        } else if (message instanceof ServerMessage.Reset) {
            node().counters().reset();
            if (now != null) {
                now.resets++;
            }
        }
    }

    // ---- What is told ----

    /** The application is told of the resume, and from then on of what comes of it. */
    void announce(long awayMillis) {
        Progress now = progress;
        if (now == null) {
            return; // the connection has ended meanwhile
        }
        now.announced = true;
        node().resumed(session, awayMillis, now.direct);
        tellIfDone();
    }

    /** Tells the application when nothing is still to come. */
    void tellIfDone() {
        Progress now = progress;
        if (now != null && now.announced && session.backlog.isEmpty()) {
            progress = null;
            node().application()
                    .onEvent(new SessionEvent.CaughtUp(
                            session.info(),
                            node().now() - now.beganMillis,
                            now.topic,
                            now.gaps,
                            now.missed,
                            now.resets));
        }
    }
}
