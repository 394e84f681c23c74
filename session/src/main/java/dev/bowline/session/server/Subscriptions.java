package dev.bowline.session.server;

import dev.bowline.session.engine.Bus;
import dev.bowline.session.engine.Callback;
import dev.bowline.session.engine.Failure;
import dev.bowline.session.wire.ClientMessage.Start;
import dev.bowline.session.wire.Cursor;
import dev.bowline.session.wire.Grammar;
import dev.bowline.session.wire.ServerMessage;
import dev.bowline.session.wire.TopicPattern;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a session is subscribed to, and how far it is with each topic. Touched as its session is. */
final class Subscriptions {
    /**
     * @param presence whether the session is told who is there
     * @param sinceMillis of a pattern: since when, by the engine's clock
     */
    private record Subscription(TopicPattern pattern, String topic, boolean presence, long sinceMillis) {}

    private final Session session;
    private final Map<String, Subscription> byPattern = new LinkedHashMap<>(2); // as the client names them
    private final Map<String, Subscriber> byTopic = new LinkedHashMap<>(2); // the logs

    private boolean restored; // and no connection has gone on with it yet
    private int following; // how many patterns the node is still to be told of what has come to them since another one
    // followed them
    private final List<Runnable> whenFollowed = new ArrayList<>(0);

    Subscriptions(Session session) {
        this.session = session;
    }

    private Node node() {
        return session.node();
    }

    List<TopicPattern> patterns() {
        return byPattern.values().stream()
                .map(Subscription::pattern)
                .filter(pattern -> !pattern.isTopic())
                .toList();
    }

    boolean contains(String pattern) {
        return byPattern.containsKey(pattern);
    }

    int count() {
        return byPattern.size();
    }

    boolean isFull() {
        return byPattern.size() >= node().options().maxSubscriptions();
    }

    /** Whether it has as many topics as it may, and not that one. */
    boolean hasNoRoomFor(String name) {
        return byTopic.size() >= node().options().maxTopics() && !byTopic.containsKey(logOf(name));
    }

    /** The log that a topic's name means to this session. */
    private String logOf(String name) {
        String user = session.info().user();
        return name.equals(TopicRules.MAILBOX) && user != null ? TopicRules.mailboxOf(user) : name;
    }

    // ---- Subscribing ----

    /**
     * Subscribes to the topics of a pattern, each from its next message on.
     *
     * @param done is told when that is in effect, or why it is not
     */
    void addPattern(TopicPattern pattern, Consumer<@Nullable Failure> done) {
        Feeds feeds = node().feeds();
        feeds.follow(
                pattern,
                session,
                Bus.FROM_NOW,
                Callback.of(
                        since -> {
                            if (session.isOver()) {
                                feeds.unfollow(pattern, session);
                            } else {
                                put(new Subscription(pattern, "", false, since));
                            }
                            done.accept(null);
                        },
                        failure -> {
                            feeds.unfollow(pattern, session);
                            done.accept(failure);
                        }));
    }

    /**
     * Subscribes to a topic.
     *
     * @param done is told why it did not come about, or null; then the position and what follows from it is still to be told, by
     *     {@link #begin}
     */
    void addTopic(String name, Start start, boolean presence, Consumer<@Nullable Failure> done) {
        if (following > 0) {
            whenFollowed.add(() -> addTopic(name, start, presence, done));
            return;
        }
        String log = logOf(name);
        Feed feed = node().feeds().open(log, name);
        Subscription subscription = new Subscription(new TopicPattern(name), log, presence, 0);
        if (!feed.isLogged()) {
            takeEffect(subscription, start, null);
            done.accept(null);
            return;
        }
        feed.refresh(failure -> {
            if (failure != null || session.isOver()) {
                done.accept(failure);
            } else if (byTopic.containsKey(log) || !isCovered(log)) {
                takeEffect(subscription, start, cursor(feed, start));
                done.accept(null);
            } else {
                addTopicOfPattern(subscription, start, cursor(feed, start), done);
            }
            node().feeds().forgetIfEmpty(feed);
        });
    }

    /**
     * A pattern has brought nothing of the topic yet. But it has been in effect for a while, and what has come since is to come: the log was
     * read with some of that, maybe, of which the node had not been told.
     */
    private void addTopicOfPattern(
            Subscription subscription, Start start, Cursor cursor, Consumer<@Nullable Failure> done) {
        node().engine()
                .bus()
                .whenTold(
                        subscription.topic,
                        Callback.of(
                                told -> {
                                    if (!session.isOver()) {
                                        takeEffect(subscription, start, cursor);
                                    }
                                    done.accept(null);
                                },
                                done));
    }

    /** @param cursor where the topic begins by {@code start}; null of one without a log */
    private void takeEffect(Subscription subscription, Start start, @Nullable Cursor cursor) {
        String log = subscription.topic;
        String name = subscription.pattern.text();
        byPattern.put(name, subscription);
        settleUndecided(log, start, cursor);
        Feed feed = node().feeds().open(log, name); // be it that a pattern brought it: it is followed by its name, too
        if (!byTopic.containsKey(log)) {
            Subscriber.State state = cursor == null ? Subscriber.State.LIVE : Subscriber.State.BEHIND;
            add(feed, new Subscriber(session, log, state, cursor));
        }
        put(subscription);
    }

    private void put(Subscription subscription) {
        byPattern.put(subscription.pattern.text(), subscription);
        if (session.keeper.isOn()) {
            session.keeper.put(
                    SessionParts.subscription(subscription.pattern.text()),
                    part(subscription).encode());
        }
    }

    private SessionParts.Subscribed part(Subscription subscription) {
        Subscriber subscriber = byTopic.get(subscription.topic);
        return new SessionParts.Subscribed(
                subscription.presence, subscription.sinceMillis, subscriber == null ? null : subscriber.start);
    }

    /**
     * Who has the right to a topic by its name need not wait for what is decided because of a pattern; what that has brought meanwhile comes
     * all the same.
     */
    private void settleUndecided(String log, Start start, @Nullable Cursor cursor) {
        Subscriber known = byTopic.get(log);
        if (known == null || (known.state != Subscriber.State.PENDING && known.state != Subscriber.State.REFUSED)) {
            return;
        }
        if (!known.cameAlong) { // else the client has a part of it, and goes on from there
            if (known.state == Subscriber.State.REFUSED || known.start == null || cursor == null) {
                drop(known); // with which the feed may go
                return;
            }
            boolean sameEpoch = known.start.epoch().equals(cursor.epoch());
            boolean earlier = sameEpoch ? cursor.offset() < known.start.offset() : start instanceof Start.From;
            known.start = earlier ? cursor : known.start;
        }
        known.state = Subscriber.State.BEHIND;
        known.cursor = known.start;
        add(node().feeds().openCovered(log), known);
    }

    private static Cursor cursor(Feed feed, Start start) {
        if (start instanceof Start.From from) {
            return from.cursor();
        }
        Cursor end = feed.position();
        if (end == null) {
            throw new IllegalStateException("the log of " + feed.topic + " was not read");
        }
        return start instanceof Start.Last last
                ? new Cursor(end.epoch(), Math.max(0, end.offset() - last.count()))
                : end;
    }

    private void add(Feed feed, Subscriber subscriber) {
        byTopic.put(subscriber.topic, subscriber);
        if (!session.isConnected() && subscriber.state != Subscriber.State.PENDING) {
            subscriber.state = Subscriber.State.PARKED;
        }
        feed.add(subscriber);
    }

    /** After the result of the command: tells the topic's position, and goes on from there. */
    void begin(String name) {
        Subscription subscription = byPattern.get(name);
        Subscriber subscriber = subscription == null ? null : byTopic.get(subscription.topic);
        if (subscription == null || subscriber == null) {
            return; // it is over
        }
        if (subscriber.state == Subscriber.State.BEHIND && !session.backlog.contains(subscriber)) {
            tellPosition(name, subscriber);
            session.backlog.add(subscriber);
        }
        String user = session.info().user();
        if (user != null && !name.equals(TopicRules.MAILBOX)) {
            enter(subscription.topic, user);
        }
        if (subscription.presence) {
            node().roster().watch(subscription.topic, session);
        }
    }

    private void enter(String topic, String user) {
        session.underWay();
        node().engine().presence().enter(topic, user, session.id(), session::settled);
    }

    private void tellPosition(String name, Subscriber subscriber) {
        if (subscriber.cursor != null) {
            session.sendNow(new ServerMessage.At(name, subscriber.cursor));
        }
    }

    /**
     * A topic that a pattern covers, or will when it is in effect, has its first message since the subscription: the session becomes its
     * subscriber, if it may.
     *
     * @param before what it has; null of a topic without a log
     */
    void addCovered(Feed feed, @Nullable Cursor before) {
        Subscriber known = byTopic.get(feed.topic);
        if (known != null && before != null) {
            beginEarlier(known, before);
        }
        if (known != null || session.isOver() || !isCovered(feed.topic) || !hasRoomFor(feed.topic)) {
            return; // over it may be before a pattern is in effect, which then is not followed any more
        }
        Subscriber subscriber = new Subscriber(session, feed.topic, Subscriber.State.PENDING, before);
        add(feed, subscriber);
        decide(feed, subscriber);
    }

    /**
     * A pattern that another node followed has brought the topic from further back than what was told of it first: that was of another pattern,
     * or of what comes now.
     */
    private static void beginEarlier(Subscriber known, Cursor before) {
        if (known.state == Subscriber.State.PENDING
                && !known.cameAlong
                && known.start != null
                && before.offset() < known.start.offset()) {
            known.start = before;
        }
    }

    /**
     * Whether a topic that patterns cover finds room. Where it does not, the pattern ends that brings the most topics: to leave single topics
     * out would be a loss without a word.
     */
    private boolean hasRoomFor(String topic) {
        while (byTopic.size() >= node().options().maxTopics()) {
            String widest = null;
            long most = 0;
            for (Subscription one : byPattern.values()) {
                long brought = one.pattern.matches(topic)
                        ? byTopic.keySet().stream().filter(one.pattern::matches).count() + 1
                        : 0;
                if (brought >= Math.max(1, most)) {
                    widest = one.pattern.text();
                    most = brought;
                }
            }
            if (widest == null) {
                return false; // nothing covers it any more
            }
            node().counters().refused(NodeCounters.TOPICS);
            session.unsubscribe(widest, Failure.TOO_LARGE);
        }
        return isCovered(topic);
    }

    private void decide(Feed feed, Subscriber subscriber) {
        Node decider = node();
        decider.decisions().ask(session, Action.SUBSCRIBE, feed.name, refusal -> {
            if (node() != decider
                    || byTopic.get(feed.topic) != subscriber
                    || subscriber.state != Subscriber.State.PENDING) {
                return; // it is over, or another node's to ask for again
            }
            if (refusal != null && refusal.code().equals(Failure.TIMEOUT)) {
                decide(feed, subscriber); // no answer is none: what came meanwhile waits in the log
                return;
            }
            if (refusal != null) {
                subscriber.state = Subscriber.State.REFUSED;
                feed.remove(subscriber);
                node().feeds().forgetIfEmpty(feed);
                return;
            }
            if (following > 0) { // where it begins is not known yet
                whenFollowed.add(() -> allow(feed, subscriber));
            } else {
                allow(feed, subscriber);
            }
        });
    }

    /** The session may have a topic that a pattern covers. */
    private void allow(Feed feed, Subscriber subscriber) {
        if (byTopic.get(feed.topic) != subscriber || subscriber.state != Subscriber.State.PENDING) {
            return; // it is over, or subscribed to by its name
        }
        subscriber.state = Subscriber.State.PARKED;
        if (session.isConnected()) {
            goOn(feed, subscriber, subscriber.start);
        }
    }

    /**
     * What is known of the client has changed, and so may its rights have: a subscription ends that it may not have any more, and of a
     * pattern's topics those come that it may have now. Where no decision comes, all stays.
     */
    void decideAgain() {
        List.copyOf(byPattern.values()).stream()
                .filter(subscription -> !subscription.pattern.text().equals(TopicRules.MAILBOX))
                .forEach(subscription -> decideAgain(subscription, Action.SUBSCRIBE));
        List.copyOf(byTopic.values()).forEach(subscriber -> {
            if (subscriber.state == Subscriber.State.REFUSED) {
                drop(subscriber); // the topic's next message has it decided
            } else if (subscriber.state != Subscriber.State.PENDING && !isNamed(subscriber.topic)) {
                decideAgain(subscriber);
            }
        });
    }

    private void decideAgain(Subscription subscription, Action action) {
        Node decider = node();
        String pattern = subscription.pattern.text();
        decider.decisions().ask(session, action, pattern, refusal -> {
            if (node() != decider || !subscription.equals(byPattern.get(pattern))) {
                return;
            }
            if (refusal != null && isRefusal(refusal)) {
                session.unsubscribe(pattern, refusal.code());
            } else if (subscription.presence && action == Action.SUBSCRIBE) {
                decideAgain(subscription, Action.SEE_PRESENCE);
            }
        });
    }

    private void decideAgain(Subscriber subscriber) {
        Node decider = node();
        decider.decisions().ask(session, Action.SUBSCRIBE, TopicRules.nameOf(subscriber.topic), refusal -> {
            Feed feed = node().feeds().get(subscriber.topic);
            if (node() == decider
                    && byTopic.get(subscriber.topic) == subscriber
                    && feed != null
                    && refusal != null
                    && isRefusal(refusal)) {
                subscriber.state = Subscriber.State.REFUSED;
                session.backlog.remove(subscriber);
                feed.remove(subscriber);
                node().feeds().forgetIfEmpty(feed);
            }
        });
    }

    /** Whether somebody has said no, and not only nothing. */
    private static boolean isRefusal(Failure answer) {
        return !answer.code().equals(Failure.TIMEOUT)
                && !answer.code().equals(Failure.UNAVAILABLE)
                && !answer.code().equals(Failure.INTERNAL);
    }

    private boolean isNamed(String topic) {
        return byPattern.values().stream().anyMatch(subscription -> subscription.topic.equals(topic));
    }

    // ---- Unsubscribing ----

    /** Ends a subscription; false if there is none. */
    boolean remove(String pattern) {
        Subscription removed = byPattern.remove(pattern);
        if (removed == null) {
            return false;
        }
        session.keeper.remove(SessionParts.subscription(pattern));
        String user = session.info().user();
        if (!removed.pattern.isTopic()) {
            node().feeds().unfollow(removed.pattern, session);
        } else {
            if (user != null) {
                node().engine().presence().leave(removed.topic, user, session.id());
            }
            if (removed.presence) {
                node().roster().unwatch(removed.topic, session);
            }
        }
        List.copyOf(byTopic.values()).stream()
                .filter(subscriber -> !isCovered(subscriber.topic))
                .forEach(this::drop);
        return true;
    }

    private boolean isCovered(String topic) {
        return byPattern.values().stream()
                .anyMatch(subscription -> subscription.pattern.isTopic()
                        ? subscription.topic.equals(topic)
                        : subscription.pattern.matches(topic));
    }

    private void drop(Subscriber subscriber) {
        byTopic.remove(subscriber.topic);
        session.backlog.remove(subscriber);
        Feed feed = node().feeds().get(subscriber.topic);
        if (feed != null) {
            feed.remove(subscriber);
            node().feeds().forgetIfEmpty(feed);
        }
        session.catchUp.tellIfDone();
    }

    /** The session is over. */
    void leaveAll() {
        List.copyOf(byPattern.keySet()).forEach(this::remove);
    }

    // ---- Connections, nodes ----

    /** There is no connection any more. */
    void park() {
        session.backlog.clear();
        byTopic.values().forEach(subscriber -> {
            Feed feed = node().feeds().get(subscriber.topic);
            boolean decided =
                    subscriber.state != Subscriber.State.PENDING && subscriber.state != Subscriber.State.REFUSED;
            if (feed != null && decided) {
                feed.park(subscriber);
            }
        });
    }

    /** There is one again: every topic goes on from what the client has of it. */
    void resume(Map<String, Cursor> cursors) {
        if (restored) {
            restored = false;
            cursors.forEach(this::addCoveredBefore);
        }
        List.copyOf(byTopic.values()).forEach(subscriber -> {
            Feed feed = node().feeds().get(subscriber.topic);
            if (feed == null) {
                return;
            }
            Cursor known = cursors.get(feed.name);
            if (subscriber.state == Subscriber.State.PARKED) {
                goOn(feed, subscriber, known == null ? subscriber.start : known);
            } else if (subscriber.state == Subscriber.State.PENDING && known != null && feed.isLogged()) {
                subscriber.start = known;
                subscriber.cameAlong = true;
            }
        });
        byPattern.values().forEach(subscription -> {
            if (subscription.presence) {
                node().roster().tellHere(subscription.topic, session);
            }
        });
        session.backlog.pump();
    }

    /** A topic that its client has a cursor of, at another node: a pattern brought it, if it was not subscribed to by its name. */
    private void addCoveredBefore(String name, Cursor cursor) {
        if (!name.equals(TopicRules.MAILBOX) && !byTopic.containsKey(name) && isCovered(name)) {
            Feed feed = node().feeds().openCovered(name);
            addCovered(feed, cursor);
            node().feeds().forgetIfEmpty(feed);
        }
        Subscriber subscriber = byTopic.get(logOf(name));
        if (subscriber != null && node().rules().of(name).slow() == SlowConsumer.CONFLATE) {
            subscriber.supersededUpTo = Grammar.MAX_NUMBER; // what the other node has left out is not known
        }
    }

    private void goOn(Feed feed, Subscriber subscriber, @Nullable Cursor cursor) {
        if (feed.isLogged()) {
            subscriber.state = Subscriber.State.BEHIND;
            subscriber.cursor = cursor;
            tellPosition(feed.name, subscriber);
            session.backlog.add(subscriber);
        } else {
            subscriber.state = Subscriber.State.LIVE;
            feed.add(subscriber);
        }
    }

    /** The session leaves its node for another one, without having ended. Its patterns are the node's to unfollow. */
    void abandon() {
        byTopic.values().forEach(subscriber -> {
            Feed feed = node().feeds().get(subscriber.topic);
            if (feed != null) {
                feed.remove(subscriber);
                node().feeds().forgetIfEmpty(feed);
            }
        });
        byPattern.values().forEach(subscription -> {
            if (subscription.presence) {
                node().roster().unwatch(subscription.topic, session);
            }
        });
    }

    /** Another node has the session: where this one has said that it is present, it takes that back; what the other has said stays. */
    void withdraw() {
        String user = session.info().user();
        byPattern.values().forEach(subscription -> {
            if (user != null && subscription.pattern.isTopic()) {
                node().engine().presence().leave(subscription.topic, user, session.id());
            }
        });
    }

    /** The session has come to a node. */
    void adopt() {
        String user = session.info().user();
        byPattern.values().forEach(subscription -> {
            if (!subscription.pattern.isTopic()) {
                follow(subscription);
                return;
            }
            if (user != null && !subscription.topic.equals(TopicRules.mailboxOf(user))) {
                enter(subscription.topic, user);
            }
            if (subscription.presence) {
                node().roster().watch(subscription.topic, session);
            }
        });
        List.copyOf(byTopic.values()).forEach(subscriber -> {
            if (subscriber.state == Subscriber.State.REFUSED) {
                return;
            }
            Feed feed = node().feeds().open(subscriber.topic, TopicRules.nameOf(subscriber.topic));
            feed.add(subscriber);
            if (subscriber.state == Subscriber.State.PENDING) {
                decide(feed, subscriber);
            }
        });
    }

    /**
     * Follows a pattern that it is subscribed to. A session that moves as it is, is told by the engine's hand-over of what comes meanwhile.
     */
    private void follow(Subscription subscription) {
        Node follower = node();
        long since = session.keeper.isOn() ? subscription.sinceMillis : Bus.FROM_NOW;
        following++;
        session.underWay(); // so it stays at this node until then
        follower.feeds().follow(subscription.pattern, session, since, Callback.of(told -> followed(), failure -> {
            if (subscription.equals(byPattern.get(subscription.pattern.text()))) {
                session.unsubscribe(subscription.pattern.text(), failure.code());
            }
            followed();
        }));
    }

    private void followed() {
        following--;
        if (following == 0) {
            List<Runnable> waiting = List.copyOf(whenFollowed);
            whenFollowed.clear();
            waiting.forEach(Runnable::run);
        }
        session.settled();
    }

    /** Has the subscriptions that it had at another node. */
    void restore(Map<String, SessionParts.Subscribed> kept) {
        restored = true;
        kept.forEach((text, one) -> {
            TopicPattern pattern = new TopicPattern(text);
            String log = pattern.isTopic() ? logOf(text) : "";
            byPattern.put(text, new Subscription(pattern, log, one.presence(), one.sinceMillis()));
            if (pattern.isTopic()) {
                byTopic.put(log, new Subscriber(session, log, Subscriber.State.PARKED, one.start()));
            }
        });
    }

    /** All that is to be kept of them. */
    void addTo(Map<String, byte[]> parts) {
        byPattern
                .values()
                .forEach(subscription -> parts.put(
                        SessionParts.subscription(subscription.pattern.text()),
                        part(subscription).encode()));
    }

    /** Whether it hears of its user's mailbox. */
    boolean hasMailbox() {
        return byPattern.containsKey(TopicRules.MAILBOX);
    }
}
