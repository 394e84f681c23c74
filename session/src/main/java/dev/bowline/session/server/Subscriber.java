package dev.bowline.session.server;

import dev.bowline.session.wire.Cursor;
import org.jspecify.annotations.Nullable;

/** A session in a topic, however many of its subscriptions cover it. Touched on the thread of the node that has the session. */
final class Subscriber {
    /** How it gets the topic's messages. */
    enum State {
        /** Whether it may is still to be decided. */
        PENDING,
        /** As they come: it has everything up to the feed's position. */
        LIVE,
        /** From the log, behind its own cursor, as far as there is room. */
        BEHIND,
        /** Not at all: its session has no connection. */
        PARKED,
        /** Not at all: a pattern covers the topic, but the session may not have it. Kept, so that nobody is asked each time. */
        REFUSED
    }

    final Session session;
    final String topic;
    State state;

    /** Where the subscription began, for a client that has received nothing; null of a topic without a log. */
    @Nullable
    Cursor start;

    /** The client has received the topic at another node: wherever this begins, it is from {@link #start}. */
    boolean cameAlong;

    /** What it has, while behind; null where it is told of no position yet. */
    @Nullable
    Cursor cursor;

    boolean slow; // it was live, and had no room

    /** Up to where what makes superfluous stands that was left out: until that has come, it has more to lose than what it has. */
    long supersededUpTo;

    /** What tells the read that is under way for it from those of before its last connection; null for none. */
    @Nullable
    Object reading;

    int liveIndex = -1; // the feed's

    Subscriber(Session session, String topic, State state, @Nullable Cursor start) {
        this.session = session;
        this.topic = topic;
        this.state = state;
        this.start = start;
        this.cursor = start;
    }
}
