package dev.bowline.session.engine;

import dev.bowline.session.engine.NodePort.Release;
import dev.bowline.session.engine.SessionMessage.Receipt;
import dev.bowline.session.engine.SessionStore.Claim;
import dev.bowline.session.engine.SessionStore.Claimant;
import dev.bowline.session.engine.SessionStore.Kept;
import dev.bowline.session.memory.MemoryEngine;
import dev.bowline.session.wire.Cursor;
import dev.bowline.session.wire.TopicPattern;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The model of an engine that keeps sessions outside their nodes, as one on other machines does: each node is a process of its own, which may
 * die at any time, or be taken for dead. What it keeps it answers on the nodes' threads, later. Logs and presence are those of memory.
 *
 * <p>Used by one thread.
 */
public final class KeepingEngine implements Engine {
    /** For how long nodes may keep again what was rolled back, before who asks for it is told that it is lost. */
    private static final long RETURN_MILLIS = 3_000;

    private final Engine logs;
    private final Supplier<String> secrets;
    private final LongSupplier clock;
    private long rolledBackMillis;
    private boolean away;
    private int history; // another one whenever what was kept is rolled back
    private final List<Member> members = new ArrayList<>();
    private final Map<String, Slot> slots = new LinkedHashMap<>();
    private final Map<String, List<UserMessage>> said = new HashMap<>(); // to users, in order
    private final Map<String, Long> read = new HashMap<>();
    private final Map<String, List<Growth>> growths = new LinkedHashMap<>(); // by topic
    private final Map<String, Cursor> appended = new HashMap<>(); // where what clients published is
    private final KeptReceipts receipts = new KeptReceipts();
    private final Set<KeptPresence.Seat> seats = new LinkedHashSet<>();

    private record Growth(String name, Cursor place, long atMillis) {}

    private record Waiting(Member member, Claimant claimant, Callback<Claim> done) {
        void answer(Claim claim) {
            member.execute(() -> done.done(claim));
        }

        void fail(Failure failure) {
            member.execute(() -> done.failed(failure));
        }
    }

    private static final class Slot {
        private final String id;
        private final String token;
        private final @Nullable String user;
        private @Nullable Member owner; // null where nobody has it
        private long generation = 1; // how many have had it
        private int history; // in which it was kept
        private boolean connected = true;
        private long attempt;
        private Map<String, byte[]> parts = new LinkedHashMap<>();
        private long keptMillis;
        private long orphanedMillis; // since when nobody has it
        private int heard; // how much of what was said to its user it was told
        private final List<Waiting> claims = new ArrayList<>();
        private @Nullable Object asked; // its owner was asked for it

        Slot(String id, String token, @Nullable String user, Member owner) {
            this.id = id;
            this.token = token;
            this.user = user;
            this.owner = owner;
        }
    }

    /**
     * @param secrets as {@link MemoryEngine} wants them
     * @param clock by which what is kept grows older
     */
    public KeepingEngine(Supplier<String> secrets, LongSupplier clock) {
        this(new MemoryEngine(secrets), secrets, clock);
    }

    /**
     * @param logs has all but sessions
     */
    public KeepingEngine(Engine logs, Supplier<String> secrets, LongSupplier clock) {
        this.logs = logs;
        this.secrets = secrets;
        this.clock = clock;
    }

    @Override
    public Membership join(NodePort node) {
        Member member = new Member("p" + (members.size() + 1), node);
        members.add(member);
        return member;
    }

    /** A node's process has gone without a word, or is taken to have. */
    public void giveUp(NodePort node) {
        member(node).givenUp();
    }

    /** A node's process goes on that was taken to have gone. */
    public void takeBack(NodePort node) {
        members.stream().filter(one -> one.port == node && !one.left).forEach(member -> member.alive = true);
    }

    /** Which one of those that have a session, one after the other, a node takes itself for; 0 for none. */
    public long generation(NodePort node, String session) {
        return member(node).generation(session);
    }

    /** As {@link SessionStore#keep} of a node that was of this generation when it called that: what it asked for has come only now. */
    public void keep(
            NodePort node,
            String session,
            long generation,
            long attempt,
            boolean whole,
            Map<String, byte @Nullable []> changes,
            Callback<Kept> done) {
        member(node).keep(session, generation, attempt, whole, changes, done);
    }

    private Member member(NodePort node) {
        return members.stream().filter(one -> one.port == node).findFirst().orElseThrow();
    }

    /** A node has said that it leaves, which may not have come here yet: what it is told from now on, nobody hears. */
    public void leaves(NodePort node) {
        members.stream().filter(one -> one.port == node).forEach(member -> member.left = true);
    }

    /** Sessions that no node has are over after so long. To be called again and again. */
    public void expireOrphans(long windowMillis) {
        List.copyOf(slots.values()).forEach(this::settle);
        List.copyOf(slots.values()).stream()
                .filter(slot -> slot.owner == null || !slot.owner.alive || slot.history != history)
                .filter(slot -> clock.getAsLong() - slot.orphanedMillis >= windowMillis)
                .forEach(slot -> members.stream()
                        .filter(member -> member.alive)
                        .findFirst()
                        .ifPresent(member -> gone(slot, member)));
        members.stream()
                .filter(member -> !member.alive && clock.getAsLong() - member.gaveUpMillis >= windowMillis)
                .forEach(member -> member.inner.leave()); // where its sessions are present still
    }

    /**
     * What was kept goes back to what it was at some time before, as when a replica takes over to which not all had come; nodes hear of that,
     * and keep all again.
     */
    public void rollBack(Snapshot snapshot) {
        history++;
        rolledBackMillis = clock.getAsLong();
        snapshot.sessions.forEach((id, then) -> {
            Slot slot = slots.get(id);
            if (slot != null) {
                slot.owner = then.owner;
                slot.generation = then.generation;
                slot.attempt = then.attempt;
                slot.parts = new LinkedHashMap<>(then.parts);
                slot.asked = null;
                slot.orphanedMillis = clock.getAsLong(); // until its owner keeps it again, if that has it
            }
        });
        members.stream().filter(member -> member.alive).forEach(member -> member.execute(member.port::onStoreChanged));
        List.copyOf(slots.values()).forEach(this::settle);
    }

    /** What is kept now. */
    public Snapshot snapshot() {
        Snapshot made = new Snapshot();
        slots.forEach((id, slot) ->
                made.sessions.put(id, new Then(slot.owner, slot.generation, slot.attempt, Map.copyOf(slot.parts))));
        return made;
    }

    /** What was kept at a time. */
    public static final class Snapshot {
        private final Map<String, Then> sessions = new LinkedHashMap<>();
    }

    private record Then(@Nullable Member owner, long generation, long attempt, Map<String, byte[]> parts) {}

    /** Nothing can be kept for now. */
    public void away(boolean now) {
        away = now;
    }

    /** What is kept of a session; null for nothing. */
    public @Nullable Map<String, byte[]> kept(String session) {
        Slot slot = slots.get(session);
        return slot == null ? null : Map.copyOf(slot.parts);
    }

    private SessionRecord record(Slot slot) {
        return new SessionRecord(slot.id, slot.token, slot.user, slot.parts, clock.getAsLong() - slot.keptMillis);
    }

    /** A session is over that no node has. */
    private void gone(Slot slot, Member told) {
        slots.remove(slot.id, slot);
        told.execute(() -> {
            told.port.onOver(record(slot));
            receipts.tellLost(slots::containsKey); // of what was rolled back
        });
        seats.stream().filter(seat -> seat.session().equals(slot.id)).toList().forEach(KeptPresence.Seat::leave);
    }

    // ---- Claims ----

    private void claim(Waiting waiting) {
        Slot slot = slots.get(waiting.claimant.session());
        if (slot == null) {
            waiting.answer(new Claim.Refused("expired"));
        } else if (!slot.token.equals(waiting.claimant.token())) {
            waiting.answer(new Claim.Refused("token"));
        } else {
            slot.claims.add(waiting);
            settle(slot);
        }
    }

    private void settle(Slot slot) {
        List.copyOf(slot.claims).stream()
                .filter(waiting -> !waiting.member.alive)
                .forEach(waiting -> {
                    slot.claims.remove(waiting);
                    waiting.fail(new Failure(Failure.UNAVAILABLE, "the node that claims it was taken for dead"));
                });
        if (slot.claims.isEmpty()) {
            return;
        }
        Member owner = slot.owner;
        if ((owner == null || !owner.alive) && slot.history != history) {
            if (clock.getAsLong() - rolledBackMillis < RETURN_MILLIS) {
                return; // a node that had it by what was lost may keep it again
            }
            gone(slot, slot.claims.get(0).member); // whether that is all that was kept of it is not known
            slot.claims.forEach(waiting -> waiting.answer(new Claim.Refused("lost")));
            slot.claims.clear();
        } else if (owner == null || !owner.alive) {
            take(slot);
        } else if (slot.asked == null) {
            Object asked = new Object();
            slot.asked = asked;
            Waiting first = slot.claims.get(0);
            long generation = slot.generation;
            owner.execute(() -> {
                if (owner.generation(slot.id) == generation) {
                    owner.port.release(
                            first.claimant, release -> answered(slot, owner, generation, asked, first, release));
                } else { // it had it before; that it has it still, what was rolled back says alone
                    answered(slot, owner, generation, asked, first, new Release.Left());
                }
            });
        }
    }

    private void answered(Slot slot, Member owner, long generation, Object asked, Waiting first, Release release) {
        boolean has = slots.get(slot.id) == slot && slot.owner == owner && slot.generation == generation;
        // Who was taken for dead after it was asked, and is not, has given it up though nobody waits for that.
        boolean counts = has && (slot.asked == asked || release instanceof Release.Given);
        if (counts) {
            if (!(release instanceof Release.Kept)) {
                owner.generations.remove(slot.id);
            }
            released(slot, first, release);
        }
        if (release instanceof Release.Given given) {
            owner.execute(() -> given.session().handedOn(counts));
        }
    }

    private void released(Slot slot, Waiting first, Release release) {
        slot.asked = null;
        if (release instanceof Release.Given given) {
            slot.parts = new LinkedHashMap<>(given.session().parts());
            slot.history = history;
            slot.keptMillis = clock.getAsLong();
            slot.owner = null;
            slot.orphanedMillis = clock.getAsLong();
            settle(slot);
        } else if (release instanceof Release.Kept kept) {
            slot.claims.remove(first);
            first.answer(kept.answer());
            settle(slot);
        } else if (release instanceof Release.Left) {
            slot.owner = null;
            slot.orphanedMillis = clock.getAsLong();
            settle(slot);
        } else {
            over(slot);
        }
    }

    private void take(Slot slot) {
        Waiting next = slot.claims.remove(0);
        Claimant claimant = next.claimant;
        if (claimant.attempt() <= slot.attempt) {
            next.answer(new Claim.Superseded());
        } else if (claimant.identified()
                && (slot.user == null ? claimant.user() != null : !slot.user.equals(claimant.user()))) {
            next.answer(new Claim.Refused("user"));
        } else {
            Member member = next.member;
            long generation = ++slot.generation;
            slot.owner = member;
            slot.asked = null;
            slot.attempt = claimant.attempt();
            Claim restored = new Claim.Restored(record(slot));
            member.execute(() -> {
                member.generations.put(slot.id, generation);
                next.done.done(restored);
            });
            tellUserMessages(slot);
        }
        settle(slot);
    }

    private void over(Slot slot) {
        slots.remove(slot.id, slot);
        slot.claims.forEach(waiting -> waiting.answer(new Claim.Refused("expired")));
        slot.claims.clear();
    }

    private void tellUserMessages(Slot slot) {
        String user = slot.user;
        Member owner = slot.owner;
        if (user != null && owner != null && owner.alive) {
            List<UserMessage> all = said.getOrDefault(user, List.of());
            List<UserMessage> missed = List.copyOf(all.subList(slot.heard, all.size()));
            int count = all.size();
            missed.forEach(message -> owner.execute(() -> owner.hear(user, message, count)));
        }
    }

    /** A node's access. */
    private final class Member implements Membership, SessionStore, Bus, KeptReceipts.Sender {
        private final String process;
        private final NodePort port;
        private final Membership inner;
        private final Presence presence;
        private final Log log;
        private final Map<String, Deque<Runnable>> saying =
                new HashMap<>(); // by session: what waits behind what is on its way
        private final Map<String, Long> generations =
                new HashMap<>(); // of the sessions that it has, or had, as its node knows
        private final Set<Runnable> unanswered = new LinkedHashSet<>(); // what was said to its sessions
        private boolean alive = true;
        private boolean left; // for good
        private long gaveUpMillis;

        Member(String process, NodePort port) {
            this.process = process;
            this.port = port;
            this.inner = logs.join(port);
            this.log = new KeptLog(inner.log(), appended, (topic, name, place) -> growths.computeIfAbsent(
                            topic, some -> new ArrayList<>())
                    .add(new Growth(name, place, clock.getAsLong())));
            this.presence = new KeptPresence(inner.presence(), seats, this::isFenced);
        }

        @Override
        public void execute(Runnable task) {
            port.execute(task);
        }

        /** Whether another one has a session since, or nobody. */
        private boolean isFenced(String session) {
            Slot slot = slots.get(session);
            return slot == null || generation(session) < slot.generation;
        }

        @Override
        public boolean isAlive() {
            return alive;
        }

        void givenUp() {
            alive = false;
            gaveUpMillis = clock.getAsLong();
            members.stream()
                    .filter(other -> other.alive)
                    .forEach(other -> other.execute(() -> other.port.onGone(process)));
            List.copyOf(unanswered).forEach(Runnable::run);
            unanswered.clear();
            receipts.tellLost(slots::containsKey); // whoever was to tell it may have been this one
            List.copyOf(slots.values()).forEach(slot -> {
                if (slot.owner == this) {
                    slot.orphanedMillis = clock.getAsLong();
                    slot.asked = null;
                    settle(slot);
                }
            });
        }

        @Override
        public Log log() {
            return log;
        }

        @Override
        public SessionStore sessions() {
            return this;
        }

        @Override
        public Presence presence() {
            return presence;
        }

        @Override
        public Bus bus() {
            return this;
        }

        @Override
        public String process() {
            return process;
        }

        @Override
        public boolean isAlive(String name) {
            return members.stream().anyMatch(member -> member.process.equals(name) && member.alive);
        }

        @Override
        public void leave() {
            left = true;
            givenUp();
        }

        // ---- Sessions ----

        @Override
        public void create(@Nullable String user, Callback<Credentials> done) {
            Credentials made = new Credentials("memory-" + secrets.get(), secrets.get());
            Slot slot = new Slot(made.id(), made.token(), user, this);
            slot.heard = user == null ? 0 : said.getOrDefault(user, List.of()).size();
            slot.history = history;
            slot.orphanedMillis = clock.getAsLong(); // it may be that this node is taken for dead
            slots.put(made.id(), slot);
            generations.put(made.id(), slot.generation);
            done.done(made);
        }

        @Override
        public void claim(Claimant claimant, Callback<Claim> done) {
            KeepingEngine.this.claim(new Waiting(this, claimant, done));
        }

        @Override
        public void connected(String id, boolean connected) {
            Slot slot = slots.get(id);
            if (slot != null && slot.owner == this) {
                slot.connected = connected;
            }
        }

        @Override
        public void remove(String id, Consumer<Boolean> done) {
            Slot slot = slots.get(id);
            boolean own = slot == null || slot.owner == this; // else it is another node's
            if (slot != null && own && slot.asked == null) { // else its release says that it is over
                over(slot);
            }
            execute(() -> done.accept(own));
        }

        @Override
        public boolean keeps() {
            return true;
        }

        @Override
        public void keep(
                String id, long attempt, boolean whole, Map<String, byte @Nullable []> changes, Callback<Kept> done) {
            keep(id, generation(id), attempt, whole, changes, done);
        }

        long generation(String id) {
            return generations.getOrDefault(id, 0L);
        }

        void keep(
                String id,
                long generation,
                long attempt,
                boolean whole,
                Map<String, byte @Nullable []> changes,
                Callback<Kept> done) {
            if (away) {
                execute(() -> done.failed(new Failure(Failure.TIMEOUT, "no answer")));
                return;
            }
            Kept kept = keep(id, generation, attempt, whole, changes);
            execute(() -> done.done(kept));
        }

        private Kept keep(
                String id, long generation, long attempt, boolean whole, Map<String, byte @Nullable []> changes) {
            Slot slot = slots.get(id);
            if (slot != null
                    && (slot.generation > generation || (slot.generation == generation && slot.owner != this))) {
                return Kept.TAKEN;
            }
            if (slot == null || slot.generation < generation || slot.history != history) {
                if (!whole || slot == null) {
                    return slot == null ? Kept.TAKEN : Kept.INCOMPLETE;
                }
                slot.owner = this;
                slot.generation = generation;
                slot.history = history;
                tellUserMessages(slot); // what was said meanwhile went to whom it was rolled back to
            }
            if (whole) {
                slot.parts.clear();
            }
            slot.attempt = Math.max(slot.attempt, attempt);
            slot.orphanedMillis = clock.getAsLong();
            slot.keptMillis = clock.getAsLong();
            changes.forEach((part, value) -> {
                if (value == null) {
                    slot.parts.remove(part);
                } else {
                    slot.parts.put(part, value);
                }
            });
            return Kept.DONE;
        }

        @Override
        public void users(Callback<List<String>> done) {
            Set<String> users = new LinkedHashSet<>();
            slots.values().forEach(slot -> {
                if (slot.user != null) {
                    users.add(slot.user);
                }
            });
            done.done(List.copyOf(users));
        }

        @Override
        public void sessionsOf(String user, Callback<List<String>> done) {
            done.done(slots.values().stream()
                    .filter(slot -> user.equals(slot.user))
                    .map(slot -> slot.id)
                    .toList());
        }

        @Override
        public void isConnected(String user, Callback<Boolean> done) {
            done.done(slots.values().stream()
                    .anyMatch(slot ->
                            user.equals(slot.user) && slot.connected && slot.owner != null && slot.owner.alive));
        }

        @Override
        public void read(String user, long offset, Callback<Long> done) {
            done.done(read.merge(user, offset, Math::max));
        }

        @Override
        public void received(String user, Cursor cursor) {
            inner.sessions().received(user, cursor);
        }

        @Override
        public void whenReceived(String user, Cursor cursor, Runnable action) {
            inner.sessions().whenReceived(user, cursor, action);
        }

        @Override
        public void once(String key, long ttlMillis, long nowMillis, Callback<Boolean> done) {
            inner.sessions().once(key, ttlMillis, nowMillis, done);
        }

        // ---- The bus ----

        @Override
        public void follow(String topic) {
            inner.bus().follow(topic);
        }

        @Override
        public void unfollow(String topic) {
            inner.bus().unfollow(topic);
        }

        @Override
        public void followAll(TopicPattern pattern, long sinceMillis, Callback<Long> done) {
            inner.bus()
                    .followAll(
                            pattern,
                            sinceMillis,
                            Callback.of(followed -> tellGrown(pattern, sinceMillis, done), done::failed));
        }

        private void tellGrown(TopicPattern pattern, long sinceMillis, Callback<Long> done) {
            long now = clock.getAsLong();
            if (sinceMillis == FROM_NOW) {
                done.done(now);
                return;
            }
            growths.forEach((topic, all) -> {
                if (pattern.matches(topic)) {
                    all.stream()
                            .filter(growth -> growth.atMillis >= sinceMillis)
                            .findFirst()
                            .ifPresent(growth -> execute(() ->
                                    port.onGrown(topic, growth.name, growth.place.epoch(), growth.place.offset() - 1)));
                }
            });
            execute(() -> done.done(now));
        }

        @Override
        public void unfollowAll(TopicPattern pattern) {
            inner.bus().unfollowAll(pattern);
        }

        @Override
        public void whenTold(String topic, Callback<String> done) {
            inner.bus().whenTold(topic, done);
        }

        @Override
        public void publish(String topic, Entry unlogged) {
            inner.bus().publish(topic, unlogged);
        }

        @Override
        public void toSession(String id, SessionMessage said, Callback<Boolean> taken) {
            SessionMessage message = said instanceof SessionMessage.Direct direct
                            && direct.receipt() != null
                            && direct.receipt().address() == null
                    ? new SessionMessage.Direct(direct.name(), direct.payload(), addressed(id, direct.receipt()))
                    : said;
            Deque<Runnable> before = saying.get(id);
            if (before != null) { // one after the other: the session may move in between
                before.addLast(() -> say(id, message, taken));
            } else {
                saying.put(id, new ArrayDeque<>());
                say(id, message, taken);
            }
        }

        private void said(String id) {
            Deque<Runnable> waiting = saying.get(id);
            Runnable next = waiting == null ? null : waiting.pollFirst();
            if (next == null) {
                saying.remove(id);
            } else {
                next.run();
            }
        }

        private void say(String id, SessionMessage message, Callback<Boolean> done) {
            FirstAnswer taken = new FirstAnswer(Callback.of(
                    found -> {
                        done.done(found);
                        said(id);
                    },
                    failure -> {
                        done.failed(failure);
                        said(id);
                    }));
            Slot slot = slots.get(id);
            Member owner = slot == null ? null : slot.owner;
            if (slot == null) {
                execute(() -> taken.done(false));
            } else if (owner == null || !owner.alive) {
                execute(() -> taken.failed(new Failure(Failure.UNAVAILABLE, "no node has the session")));
            } else {
                Runnable unanswered = () -> execute(() ->
                        taken.failed(new Failure(Failure.TIMEOUT, "the node that has the session does not answer")));
                owner.unanswered.add(unanswered);
                owner.execute(() -> {
                    if (owner.unanswered.contains(unanswered)) {
                        owner.port.onMessage(
                                id,
                                message,
                                Callback.of(
                                        found -> {
                                            owner.unanswered.remove(unanswered);
                                            execute(() -> taken.done(found));
                                        },
                                        failure -> {
                                            owner.unanswered.remove(unanswered);
                                            execute(() -> taken.failed(failure));
                                        }));
                    }
                });
            }
        }

        @Override
        public void toUser(String user, UserMessage message) {
            List<UserMessage> all = said.computeIfAbsent(user, some -> new ArrayList<>());
            all.add(message);
            int count = all.size();
            Set<Member> owners = new LinkedHashSet<>();
            slots.values().forEach(slot -> {
                Member owner = slot.owner;
                if (user.equals(slot.user) && owner != null) { // be it that it is taken for dead: it may have it still
                    owners.add(owner);
                }
            });
            owners.forEach(owner -> owner.execute(() -> owner.hear(user, message, count)));
        }

        /** Its node is told; if that has died meanwhile, whoever gets the session is. */
        private void hear(String user, UserMessage message, int count) {
            if (left) {
                return;
            }
            slots.values().forEach(slot -> {
                if (user.equals(slot.user)
                        && slot.owner == this
                        && slot.asked == null
                        && slot.generation == generation(slot.id)) {
                    slot.heard = Math.max(slot.heard, count);
                }
            });
            port.onUserMessage(user, message);
        }

        @Override
        public void toHandler(String name, HandlerSignal signal) {
            members.stream()
                    .filter(member -> member.process.equals(name) && member.alive)
                    .forEach(member -> member.execute(() -> member.port.onSignal(signal)));
        }

        @Override
        public Receipt addressed(String session, Receipt receipt) {
            return receipts.addressed(this, session, receipt);
        }

        @Override
        public Receipt receipt(String address) {
            return receipts.receipt(address);
        }
    }
}
