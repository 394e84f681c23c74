package dev.bowline.session.memory;

import dev.bowline.session.engine.Callback;
import dev.bowline.session.engine.NodePort.Release;
import dev.bowline.session.engine.SessionState;
import dev.bowline.session.engine.SessionStore.Claim;
import dev.bowline.session.engine.SessionStore.Claimant;
import dev.bowline.session.engine.SessionStore.Credentials;
import dev.bowline.session.engine.UserMessage;
import dev.bowline.session.wire.Cursor;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Which member has which session, and what is known of users. Under the engine's lock. */
final class MemorySessions {
    /** How many sessions are remembered as lost; who comes back to an older one is told that it has expired. */
    private static final int MAX_LOST = 10_000;

    /** How many wait at most for users to receive something; beyond that the oldest is told nothing. */
    static final int MAX_WAITING = 100_000;

    private final String incarnation;
    private final Supplier<String> secrets;
    private final Map<String, Slot> slots = new HashMap<>();
    private final Set<String> lost = new LinkedHashSet<>(); // sessions of members that left: the latest of them
    private final Map<String, User> users = new HashMap<>();
    private final Set<Awaited> awaiting = new LinkedHashSet<>(); // of all users, in order

    MemorySessions(String incarnation, Supplier<String> secrets) {
        this.incarnation = incarnation;
        this.secrets = secrets;
    }

    /** A claim that is to be settled: of a member, for a client of its. */
    private record Waiting(MemoryMember member, Claimant claimant, Callback<Claim> done) {
        void answer(Claim claim) {
            member.execute(() -> done.done(claim));
        }
    }

    private static final class Slot {
        private final String id;
        private final String token;
        private final @Nullable String user;
        private MemoryMember owner;
        private boolean connected = true;
        private boolean moving; // its owner was asked for it
        private final Deque<Waiting> claims = new ArrayDeque<>(0); // while it moves: who wants it, in order
        private final List<UserMessage> saidToUser = new ArrayList<>(0); // while it moves; its owner was told
        private final List<MemoryMember.Said> said = new ArrayList<>(0); // while it moves: for whoever has it then

        Slot(Credentials credentials, @Nullable String user, MemoryMember owner) {
            this.id = credentials.id();
            this.token = credentials.token();
            this.user = user;
            this.owner = owner;
        }
    }

    private record Awaited(String user, Cursor cursor, MemoryMember member, Runnable action) {}

    private static final class User {
        private final Set<Slot> sessions = new LinkedHashSet<>(2);
        private final Set<Awaited> awaited = new LinkedHashSet<>(0);
        private @Nullable Cursor received;
        private long read;

        boolean hasReceived(Cursor cursor) {
            Cursor up = received;
            return up != null && up.epoch().equals(cursor.epoch()) && up.offset() >= cursor.offset();
        }

        boolean isEmpty() {
            return sessions.isEmpty() && awaited.isEmpty() && received == null && read == 0;
        }
    }

    // ---- Sessions ----

    Credentials create(@Nullable String user, MemoryMember owner) {
        Credentials made = new Credentials(incarnation + "-" + secrets.get(), secrets.get());
        Slot slot = new Slot(made, user, owner);
        slots.put(made.id(), slot);
        if (user != null) {
            user(user).sessions.add(slot);
        }
        return made;
    }

    void claim(Claimant claimant, MemoryMember member, Callback<Claim> done) {
        Waiting waiting = new Waiting(member, claimant, done);
        String id = claimant.session();
        Slot slot = slots.get(id);
        if (slot == null) {
            boolean known = id.startsWith(incarnation + "-") && !lost.contains(id);
            waiting.answer(new Claim.Refused(known ? "expired" : "lost"));
        } else if (!MessageDigest.isEqual(bytes(claimant.token()), bytes(slot.token))) { // in constant time: a secret
            waiting.answer(new Claim.Refused("token"));
        } else {
            slot.claims.addLast(waiting);
            move(slot);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Asks the owner for a session that somebody wants; one at a time, so that it is never in two hands. */
    private void move(Slot slot) {
        if (!slot.moving && !slot.claims.isEmpty()) {
            slot.moving = true;
            MemoryMember owner = slot.owner;
            owner.execute(() -> {
                Waiting first = owner.locked(() -> firstClaim(slot));
                if (first != null) {
                    owner.port().release(first.claimant, release -> owner.locked(() -> released(slot, first, release)));
                }
            });
        }
    }

    /** Who wants a session most, now that its owner gets to hear of it; null if nobody does any more, so that it stays where it is. */
    private static @Nullable Waiting firstClaim(Slot slot) {
        slot.claims.removeIf(waiting -> waiting.member.hasLeft());
        slot.moving = !slot.claims.isEmpty();
        if (!slot.moving) {
            stays(slot);
        }
        return slot.claims.peekFirst();
    }

    private void released(Slot slot, Waiting first, Release release) {
        slot.moving = false;
        if (slots.get(slot.id) != slot) {
            return; // its owner has left before it answered
        }
        if (release instanceof Release.Given given) {
            moved(slot, given.session());
        } else if (release instanceof Release.Kept kept) {
            slot.claims.remove(first);
            stays(slot);
            first.answer(kept.answer());
            move(slot);
        } else {
            over(slot, "expired");
        }
    }

    private void moved(Slot slot, SessionState state) {
        Waiting next = nextClaim(slot);
        if (next == null) { // its owner has given it up, and nobody is there to take it
            lose(slot);
            return;
        }
        MemoryMember claimant = next.member;
        if (claimant.hasLeft()) { // nobody is there to go on with it; who asked for it ends it
            claimant.port().execute(() -> next.done.done(new Claim.Granted(state)));
            lose(slot);
            return;
        }
        MemoryMember owner = slot.owner;
        slot.owner = claimant;
        slot.connected = true;
        next.answer(new Claim.Granted(state));
        owner.passOn(state, claimant);
        String user = slot.user;
        if (user != null) {
            slot.saidToUser.forEach(
                    message -> claimant.execute(() -> claimant.port().onUserMessage(user, message)));
            slot.saidToUser.clear();
        }
        passOn(slot);
        move(slot);
    }

    /** It has not moved. */
    private static void stays(Slot slot) {
        slot.saidToUser.clear();
        passOn(slot);
    }

    /** What was said to it while it was on its way is for its owner now, before what is said from now on. */
    private static void passOn(Slot slot) {
        slot.said.forEach(said -> said.to(slot.owner, slot.id));
        slot.said.clear();
    }

    /** Whose turn it is; one whose node has left only where there is no other one. Null if nobody wants the session. */
    private static @Nullable Waiting nextClaim(Slot slot) {
        Waiting next = slot.claims.pollFirst();
        while (next != null && next.member.hasLeft() && !slot.claims.isEmpty()) {
            next = slot.claims.pollFirst();
        }
        return next;
    }

    /**
     * A session is gone.
     *
     * @param reason for those who want it
     */
    private void over(Slot slot, String reason) {
        slots.remove(slot.id, slot);
        slot.claims.forEach(waiting -> waiting.answer(new Claim.Refused(reason)));
        slot.claims.clear();
        slot.said.forEach(MemoryMember.Said::toNobody);
        slot.said.clear();
        if (slot.user != null) {
            User user = user(slot.user);
            user.sessions.remove(slot);
            forgetIfEmpty(slot.user, user);
        }
    }

    void connected(String id, MemoryMember member, boolean connected) {
        Slot slot = slots.get(id);
        if (slot != null && slot.owner == member) {
            slot.connected = connected;
        }
    }

    void remove(String id, MemoryMember member) {
        Slot slot = slots.get(id);
        if (slot != null && slot.owner == member && !slot.moving) { // else its release says that it is over
            over(slot, "expired");
        }
    }

    /** Says something to a session; while it moves that waits, so that nothing overtakes it. */
    void say(String id, MemoryMember.Said said) {
        Slot slot = slots.get(id);
        if (slot == null) {
            said.toNobody();
        } else if (slot.moving) {
            slot.said.add(said);
        } else {
            said.to(slot.owner, id);
        }
    }

    void left(MemoryMember member) {
        users.values().forEach(user -> user.awaited.removeIf(awaited -> awaited.member == member));
        awaiting.removeIf(awaited -> awaited.member == member);
        List.copyOf(slots.values()).stream()
                .filter(slot -> slot.owner == member)
                .forEach(this::lose);
    }

    private void lose(Slot slot) {
        if (lost.size() == MAX_LOST) {
            Iterator<String> eldest = lost.iterator();
            eldest.next();
            eldest.remove();
        }
        lost.add(slot.id);
        over(slot, "lost");
    }

    // ---- Users ----

    private User user(String name) {
        return users.computeIfAbsent(name, user -> new User());
    }

    private void forgetIfEmpty(String name, User user) {
        if (user.isEmpty()) {
            users.remove(name);
        }
    }

    List<String> users() {
        return users.entrySet().stream()
                .filter(user -> !user.getValue().sessions.isEmpty())
                .map(Map.Entry::getKey)
                .toList();
    }

    List<String> sessionsOf(String name) {
        User user = users.get(name);
        return user == null
                ? List.of()
                : user.sessions.stream().map(slot -> slot.id).toList();
    }

    boolean isConnected(String name) {
        User user = users.get(name);
        return user != null && user.sessions.stream().anyMatch(slot -> slot.connected);
    }

    /** Says something to all sessions of a user; what is said while one moves is said at both ends of its way. */
    void toUser(String name, UserMessage message) {
        User user = users.get(name);
        if (user != null) {
            Set<MemoryMember> owners = new LinkedHashSet<>();
            user.sessions.forEach(slot -> {
                owners.add(slot.owner);
                if (slot.moving) {
                    slot.saidToUser.add(message);
                }
            });
            owners.forEach(owner -> owner.execute(() -> owner.port().onUserMessage(name, message)));
        }
    }

    long read(String name, long offset) {
        User user = user(name);
        user.read = Math.max(user.read, offset);
        return user.read;
    }

    void received(String name, Cursor cursor) {
        User user = user(name);
        if (!user.hasReceived(cursor)) {
            user.received = cursor;
        }
        user.awaited.removeIf(awaited -> {
            boolean received = user.hasReceived(awaited.cursor);
            if (received) {
                awaiting.remove(awaited);
                awaited.member.execute(awaited.action);
            }
            return received;
        });
    }

    void whenReceived(String name, Cursor cursor, MemoryMember member, Runnable action) {
        User user = user(name);
        if (user.hasReceived(cursor)) {
            member.execute(action);
        } else {
            Awaited awaited = new Awaited(name, cursor, member, action);
            user.awaited.add(awaited);
            awaiting.add(awaited);
            if (awaiting.size() > MAX_WAITING) {
                forget(awaiting.iterator().next());
            }
        }
    }

    private void forget(Awaited awaited) {
        awaiting.remove(awaited);
        User user = user(awaited.user);
        user.awaited.remove(awaited);
        forgetIfEmpty(awaited.user, user);
    }
}
