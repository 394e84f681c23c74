package dev.bowline.session.server;

import java.util.ArrayDeque;
import java.util.Deque;

/** The topics of a session whose client does not have all that it is to get of them, each in its turn. Touched as the session is. */
final class Backlog {
    private final Session session;
    private final Deque<Subscriber> behind = new ArrayDeque<>(0);
    private long slowSinceMillis = Timed.NEVER;
    private boolean pumping;
    private boolean pumpAgain;

    Backlog(Session session) {
        this.session = session;
    }

    private Node node() {
        return session.node();
    }

    /** Whether nothing that stands in a log is still to come. */
    boolean isEmpty() {
        return behind.isEmpty();
    }

    boolean contains(Subscriber subscriber) {
        return behind.contains(subscriber);
    }

    /** One is to catch up. */
    void add(Subscriber subscriber) {
        behind.addLast(subscriber);
        pump();
    }

    /** One was up to date, and there was no room for what came. */
    void addSlow(Subscriber subscriber) {
        behind.addLast(subscriber);
        if (slowSinceMillis == Timed.NEVER && mustCatchUp(subscriber)) {
            slowSinceMillis = node().now();
            session.updateTimer();
        }
    }

    /** One has caught up, or is not to. */
    void remove(Subscriber subscriber) {
        behind.remove(subscriber);
        if (behind.stream().noneMatch(one -> one.slow && mustCatchUp(one))) {
            slowSinceMillis = Timed.NEVER;
        }
    }

    /** There is no connection any more. */
    void clear() {
        behind.clear();
        slowSinceMillis = Timed.NEVER;
    }

    /** Whether it is to get everything, so that it can't stay behind; others miss messages in place of that (section 6.3). */
    private boolean mustCatchUp(Subscriber subscriber) {
        Feed feed = node().feeds().get(subscriber.topic);
        return feed != null && feed.rule.slow() == SlowConsumer.KEEP;
    }

    /** When a subscriber has been too slow for too long. */
    long deadlineMillis() {
        return slowSinceMillis == Timed.NEVER
                ? Timed.NEVER
                : slowSinceMillis + node().options().slowMillis();
    }

    /** Lets them catch up, in turn, as far as there is room. */
    void pump() {
        pumpAgain = true;
        if (pumping) {
            return;
        }
        pumping = true;
        while (pumpAgain) {
            pumpAgain = false;
            Link link = session.link();
            Subscriber next = behind.peekFirst();
            if (link != null && next != null && link.hasRoom()) {
                Feed feed = node().feeds().get(next.topic);
                if (feed == null) {
                    throw new IllegalStateException("there is a subscriber of " + next.topic + ", but no feed");
                }
                behind.addLast(behind.removeFirst());
                feed.catchUp(next);
            }
        }
        pumping = false;
    }
}
