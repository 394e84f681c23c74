package dev.bowline.session.server;

import dev.bowline.session.engine.Callback;
import dev.bowline.session.engine.Entry;
import dev.bowline.session.engine.Failure;
import dev.bowline.session.engine.Slice;
import dev.bowline.session.wire.Cursor;
import dev.bowline.session.wire.ServerMessage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A topic on this node: reads its log once for all subscribers that are up to date, and for each of the others as far as there is
 * room for it. What a subscriber is behind costs a cursor: its messages wait in the log. Touched on the node's thread alone.
 */
final class Feed {
    private static final long READ_BYTES = 1024 * 1024;

    /** After how long a log is read again that could not be read. */
    private static final long RETRY_MILLIS = 1_000;

    private static final long UNTOLD = Long.MIN_VALUE;

    private final Node node;
    final String topic;
    final String name; // as subscribers know it
    final TopicRule rule;
    boolean followed; // by its name

    private final Set<Subscriber> subscribers = new HashSet<>(); // never iterated: its order is no order
    private final List<Subscriber> live = new ArrayList<>();
    private final List<Subscriber> recipients = new ArrayList<>(); // empty but while messages go out
    private final List<Consumer<@Nullable Failure>> awaitingRefresh = new ArrayList<>(0);

    private @Nullable String epoch; // null until the log was read
    private long position; // live subscribers have everything up to here
    private long delivered; // to all of them, as long as the feed is there
    private boolean reading;
    private boolean readAgain;
    private long toldNanos = UNTOLD; // when the node was told of what is being read, or is next
    private long toldAgainNanos = UNTOLD; // and of more meanwhile
    private int telling; // who waited for a read is being told: they may become subscribers yet
    private final Retry retry = new Retry();

    Feed(Node node, String topic, String name, TopicRule rule) {
        this.node = node;
        this.topic = topic;
        this.name = name;
        this.rule = rule;
    }

    boolean isLogged() {
        return rule.retention() != null;
    }

    int subscriberCount() {
        return subscribers.size();
    }

    TopicView view() {
        return new TopicView(name, subscribers.size(), delivered);
    }

    boolean isEmpty() {
        return subscribers.isEmpty() && !reading && telling == 0;
    }

    /** Settles where the feed begins, where that is known before the log was read. */
    void beginBehind(String logEpoch, long before) {
        if (epoch == null) {
            epoch = logEpoch;
            position = before;
        }
    }

    /** The position of live subscribers; null before the log was read. */
    @Nullable
    Cursor position() {
        return epoch == null ? null : new Cursor(epoch, position);
    }

    // ---- Subscribers ----

    void add(Subscriber subscriber) {
        subscribers.add(subscriber);
        if (subscriber.state == Subscriber.State.LIVE) {
            becomeLive(subscriber);
        }
    }

    void remove(Subscriber subscriber) {
        subscribers.remove(subscriber);
        leaveLive(subscriber);
    }

    /** The session's connection has ended. */
    void park(Subscriber subscriber) {
        leaveLive(subscriber);
        subscriber.state = Subscriber.State.PARKED;
        subscriber.slow = false;
        subscriber.reading = null;
    }

    private void becomeLive(Subscriber subscriber) {
        subscriber.state = Subscriber.State.LIVE;
        subscriber.slow = false;
        subscriber.supersededUpTo = 0;
        subscriber.liveIndex = live.size();
        live.add(subscriber);
    }

    private void leaveLive(Subscriber subscriber) {
        int index = subscriber.liveIndex;
        if (index >= 0) {
            Subscriber last = live.remove(live.size() - 1); // it takes the place that becomes free
            if (last != subscriber) {
                live.set(index, last);
                last.liveIndex = index;
            }
            subscriber.liveIndex = -1;
        }
    }

    private void fallBehind(Subscriber subscriber, Cursor cursor) {
        leaveLive(subscriber);
        subscriber.state = Subscriber.State.BEHIND;
        subscriber.cursor = cursor;
        subscriber.slow = true;
        subscriber.session.backlog.addSlow(subscriber);
    }

    // ---- Those that are up to date ----

    /** Reads up to the log's end, passes on what is new, and calls. */
    void refresh(Consumer<@Nullable Failure> then) {
        awaitingRefresh.add(then);
        grown();
    }

    /** The node was told that the log has grown. */
    void toldOfGrowth() {
        if (reading && toldAgainNanos == UNTOLD) {
            toldAgainNanos = node.nanoTime();
        } else if (!reading && toldNanos == UNTOLD) {
            toldNanos = node.nanoTime();
        }
        grown();
    }

    /** The log has grown, or may have. */
    void grown() {
        if (reading) {
            readAgain = true;
        } else {
            read();
        }
    }

    private void read() {
        reading = true;
        readAgain = false;
        if (toldNanos == UNTOLD) {
            toldNanos = toldAgainNanos;
            toldAgainNanos = UNTOLD;
        }
        boolean first = epoch == null;
        node.engine()
                .log()
                .read(
                        topic,
                        first ? Long.MAX_VALUE : position,
                        first ? 0 : READ_BYTES,
                        node.now(),
                        Callback.of(this::wasRead, this::notRead));
    }

    private void wasRead(Slice slice) {
        reading = false;
        boolean ended;
        if (epoch == null) {
            epoch = slice.epoch();
            position = slice.end();
            ended = true;
        } else {
            if (epoch.equals(slice.epoch()) || changeEpoch(new Cursor(epoch, position), slice)) {
                deliver(slice);
            }
            ended = position >= slice.end();
        }
        if (readAgain || !ended) {
            read();
            return;
        }
        toldNanos = UNTOLD;
        tellRefreshed(null);
    }

    private void tellRefreshed(@Nullable Failure failure) {
        List<Consumer<@Nullable Failure>> waiting = List.copyOf(awaitingRefresh);
        awaitingRefresh.clear();
        telling++;
        waiting.forEach(then -> then.accept(failure));
        telling--;
        node.feeds().forgetIfEmpty(this);
    }

    private void notRead(Failure failure) {
        reading = false;
        if (!subscribers.isEmpty()) { // they keep their positions; whether the log ever grows again is not known
            retry.begin();
        }
        tellRefreshed(failure);
    }

    /** Wakes a feed that could not read on. */
    private final class Retry extends Timed {
        private long atMillis = NEVER;

        void begin() {
            atMillis = node.now() + RETRY_MILLIS;
            node.timers().update(this);
        }

        @Override
        long deadlineMillis() {
            return atMillis;
        }

        @Override
        void onTime(long nowMillis) {
            atMillis = NEVER;
            if (!subscribers.isEmpty()) {
                grown();
            }
        }
    }

    /**
     * The log has another epoch. Where all that the live subscribers have stands in it, the epoch has but another name. Else the log is
     * another one: what the old one still had is not known to be lost with it, only that it will not come.
     *
     * @return whether what was read follows from where the feed is now
     */
    private boolean changeEpoch(Cursor reached, Slice slice) {
        Cursor carriedOver = slice.carriedOver(reached);
        epoch = slice.epoch();
        position = carriedOver == null ? slice.begin() - 1 : carriedOver.offset();
        tellLive(
                carriedOver == null
                        ? new ServerMessage.Reset(name, new Cursor(epoch, position), "lost")
                        : new ServerMessage.At(name, carriedOver));
        return reached.offset() <= position;
    }

    private void tellLive(ServerMessage message) {
        List.copyOf(live).forEach(subscriber -> subscriber.session.sendNow(message));
    }

    private void deliver(Slice slice) {
        if (slice.begin() - 1 > position) { // trimmed before it was read
            ServerMessage.Gap gap = new ServerMessage.Gap(name, position + 1, slice.begin() - 1, "trimmed");
            position = slice.begin() - 1;
            tellLive(gap);
        }
        List<Entry> entries = slice.entries();
        if (entries.isEmpty()) {
            return;
        }
        long before = position;
        position = entries.get(entries.size() - 1).offset();
        long told = toldNanos;
        toldNanos = UNTOLD; // what else the log has is more than the node was told of
        sendToLive(entries, new Cursor(slice.epoch(), before), told);
    }

    /** What a link does may end its session's connection, or another one's; so a copy is walked. */
    private void sendToLive(List<Entry> entries, @Nullable Cursor before, long told) {
        recipients.addAll(live);
        long sent = 0;
        for (int i = 0; i < recipients.size(); i++) {
            Subscriber subscriber = recipients.get(i);
            Link link = subscriber.session.link();
            if (subscriber.liveIndex < 0 || link == null) {
                continue;
            }
            if (link.hasRoom()) {
                link.send(entries);
                sent += entries.size();
                if (before != null && name.equals(TopicRules.MAILBOX)) {
                    long last = entries.get(entries.size() - 1).offset();
                    subscriber.session.mailboxSent(new Cursor(before.epoch(), last));
                }
            } else if (before != null) {
                fallBehind(subscriber, before);
            } // else it misses a message of a topic without a log, as one does who is too slow
        }
        recipients.clear();
        node.counters().topic(sent, false);
        delivered += sent;
        if (sent > 0 && told != UNTOLD) {
            node.counters().delivery(node.nanoTime() - told);
        }
    }

    /** A message of a topic without a log. */
    void unlogged(Entry entry) {
        sendToLive(List.of(entry), null, node.nanoTime());
    }

    // ---- Those that are behind ----

    /** Reads on for one that is behind; its session goes on with it or with the next when that is done. */
    void catchUp(Subscriber subscriber) {
        Cursor cursor = subscriber.cursor;
        if (subscriber.reading != null || cursor == null) {
            return;
        }
        Object turn = new Object();
        subscriber.reading = turn;
        node.engine()
                .log()
                .read(
                        topic,
                        cursor.offset(),
                        READ_BYTES,
                        node.now(),
                        Callback.of(
                                slice -> {
                                    if (endTurn(subscriber, turn)) {
                                        advance(subscriber, cursor, slice);
                                    }
                                },
                                failure -> { // it comes back, and reads from its cursor
                                    if (endTurn(subscriber, turn)) {
                                        subscriber.session.disconnect(CloseCodes.NO_ENGINE, failure.code());
                                    }
                                }));
    }

    /** Whether what was read is still waited for; if not, it is the turn of the session's next topic. */
    private boolean endTurn(Subscriber subscriber, Object turn) {
        if (isBehind(subscriber) && subscriber.reading == turn) {
            subscriber.reading = null;
            return true;
        }
        pumpIfHere(subscriber.session);
        return false;
    }

    private void pumpIfHere(Session session) {
        if (session.node() == node) {
            session.backlog.pump();
        }
    }

    private boolean isBehind(Subscriber subscriber) {
        return subscriber.state == Subscriber.State.BEHIND
                && subscriber.session.node() == node
                && subscribers.contains(subscriber);
    }

    private void advance(Subscriber subscriber, Cursor cursor, Slice slice) {
        Session session = subscriber.session;
        if (epoch == null || !epoch.equals(slice.epoch())) {
            // The others are told first, so that they and this one then read the same log.
            refresh(failure -> pumpIfHere(session));
            return;
        }
        Cursor from = carriedOver(subscriber, cursor, slice);
        if (from != null && !from.equals(cursor)) { // it is told once, though there be no room for what follows
            session.sendNow(new ServerMessage.At(name, from));
            subscriber.cursor = from;
        }
        if (from == null) {
            Cursor begin = new Cursor(epoch, Math.min(slice.begin() - 1, position));
            session.sendNow(new ServerMessage.Reset(name, begin, "lost"));
            subscriber.cursor = begin;
            subscriber.supersededUpTo = 0;
        } else if (from.offset() < slice.begin() - 1) {
            session.sendNow(new ServerMessage.Gap(name, from.offset() + 1, slice.begin() - 1, "trimmed"));
            subscriber.cursor = new Cursor(epoch, slice.begin() - 1);
        } else {
            send(subscriber, from, slice.entries());
        }
        Cursor now = subscriber.cursor;
        if (now != null && now.offset() == position && now.epoch().equals(epoch)) {
            becomeLive(subscriber);
            session.caughtUp(subscriber);
        } else if (now != null && now.offset() > position) {
            refresh(failure -> pumpIfHere(session)); // the log was told to have grown, but not yet to this feed
            return;
        } else if (now != null && now.equals(from) && slice.end() >= position) {
            return; // there was no room; where an engine has nothing though there must be something, it is not asked on
        }
        session.backlog.pump();
    }

    /** Null where something is not there any more that it has, or that it was left something out for. */
    private static @Nullable Cursor carriedOver(Subscriber subscriber, Cursor cursor, Slice slice) {
        boolean sameEpoch = cursor.epoch().equals(slice.epoch());
        long needed = sameEpoch ? cursor.offset() : Math.max(cursor.offset(), subscriber.supersededUpTo);
        return slice.carriedOver(new Cursor(cursor.epoch(), needed)) == null ? null : slice.carriedOver(cursor);
    }

    /** Sends, by the topic's rule, what there is room for, up to where the live subscribers are. */
    private void send(Subscriber subscriber, Cursor from, List<Entry> entries) {
        Session session = subscriber.session;
        Link link = session.link();
        long at = from.offset();
        if (subscriber.slow && rule.slow() == SlowConsumer.DROP_OLDEST && position - at > rule.maxBehind()) {
            long to = position - rule.maxBehind();
            session.sendNow(new ServerMessage.Gap(name, at + 1, to, "dropped"));
            at = to;
        }
        // The latest of what was read: a later part of the log may have later ones, but is not held in memory for that.
        int sent = 0;
        Conflation conflation = rule.slow() == SlowConsumer.CONFLATE ? new Conflation(entries, position) : null;
        List<Entry> left = conflation == null ? entries : conflation.latest();
        for (Entry entry : left) {
            if (entry.offset() <= at || entry.offset() > position) {
                continue;
            }
            if (link == null || !link.hasRoom()) {
                break;
            }
            if (entry.offset() > at + 1) {
                session.sendNow(new ServerMessage.Gap(name, at + 1, entry.offset() - 1, "conflated"));
                long upTo = conflation == null ? 0 : conflation.supersededUpTo(at + 1, entry.offset() - 1);
                subscriber.supersededUpTo = Math.max(subscriber.supersededUpTo, upTo);
            }
            link.send(List.of(entry));
            sent++;
            at = entry.offset();
        }
        session.catchUp.sent(sent);
        delivered += sent;
        subscriber.cursor = new Cursor(from.epoch(), at);
        if (at > from.offset() && name.equals(TopicRules.MAILBOX)) {
            session.mailboxSent(subscriber.cursor);
        }
    }
}
