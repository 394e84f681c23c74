package dev.bowline.session.server;

import dev.bowline.session.wire.ServerMessage;

/**
 * What comes to a client after its session was resumed, until its topics are up to date; for the application to hear of
 * ({@link SessionEvent.CaughtUp}). Counts for the node too, at any time. Touched as its session is.
 */
final class CatchUp {
    private final Session session;
    private boolean underWay;
    private boolean announced; // the application knows of the resume
    private long beganMillis;
    private long direct;
    private long topic;
    private long gaps;
    private long missed;
    private long resets;

    CatchUp(Session session) {
        this.session = session;
    }

    private Node node() {
        return session.node();
    }

    /** The session is resumed. */
    void begin() {
        underWay = true;
        announced = false;
        beganMillis = node().now();
        direct = 0;
        topic = 0;
        gaps = 0;
        missed = 0;
        resets = 0;
    }

    /** Its connection has ended. */
    void stop() {
        underWay = false;
    }

    // ---- What comes ----

    /** A direct message goes out again. */
    void directAgain() {
        direct++;
        node().counters().directAgain();
    }

    /** Messages of a topic went out that was not up to date. */
    void sent(int messages) {
        topic += messages;
        node().counters().topic(messages, underWay);
    }

    /** Something goes out that is no message of a topic. */
    void sent(ServerMessage message) {
        if (message instanceof ServerMessage.Gap gap) {
            long messages = gap.to() - gap.from() + 1;
            gaps++;
            missed += messages;
            node().counters().gap(gap.code(), messages);
        } else if (message instanceof ServerMessage.Reset) {
            resets++;
            node().counters().reset();
        }
    }

    // ---- What is told ----

    /** The application is told of the resume, and from then on of what comes of it. */
    void announce(long awayMillis) {
        node().resumed(session, awayMillis, direct);
        announced = true;
        tellIfDone();
    }

    /** Tells the application when nothing is still to come. */
    void tellIfDone() {
        if (underWay && announced && session.subscriptions.areUpToDate()) {
            underWay = false;
            node().application()
                    .onEvent(new SessionEvent.CaughtUp(
                            session.info(), node().now() - beganMillis, topic, gaps, missed, resets));
        }
    }
}
