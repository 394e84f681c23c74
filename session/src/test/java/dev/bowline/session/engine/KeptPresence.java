package dev.bowline.session.engine;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Presence, of which a node has no say for a session that another one has since. */
final class KeptPresence implements Presence {
    /** Where a session is present, as one of its nodes has said. */
    record Seat(KeptPresence node, String topic, String user, String session) {
        void leave() {
            node.leave(topic, user, session);
        }
    }

    private final Presence inner;
    private final Set<Seat> seats; // of all nodes
    private final Predicate<String> isFenced;

    KeptPresence(Presence inner, Set<Seat> seats, Predicate<String> isFenced) {
        this.inner = inner;
        this.seats = seats;
        this.isFenced = isFenced;
    }

    @Override
    public void enter(String topic, String user, String session, Runnable done) {
        if (isFenced.test(session)) {
            done.run();
            return;
        }
        seats.removeIf(seat -> seat.session.equals(session) && seat.topic.equals(topic));
        seats.add(new Seat(this, topic, user, session));
        inner.enter(topic, user, session, done);
    }

    @Override
    public void leave(String topic, String user, String session) {
        seats.remove(new Seat(this, topic, user, session));
        inner.leave(topic, user, session);
    }

    @Override
    public void watch(String topic, Callback<List<String>> done) {
        inner.watch(topic, done);
    }

    @Override
    public void unwatch(String topic) {
        inner.unwatch(topic);
    }

    @Override
    public void list(String topic, Callback<List<String>> done) {
        inner.list(topic, done);
    }
}
