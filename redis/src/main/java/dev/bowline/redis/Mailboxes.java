package dev.bowline.redis;

import dev.bowline.session.wire.Cursor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** How far users have read their mailboxes, and received them. Safe from any thread. */
final class Mailboxes {
    /** How long that is known of a user of whom nothing is heard. */
    private static final Duration KNOWN = Duration.ofDays(30);

    /** How long somebody waits for a user to receive something. */
    private static final Duration AWAITED = Duration.ofDays(1);

    /** How many wait at most; beyond that the oldest is told nothing. */
    private static final int MAX_WAITING = 100_000;

    private record Waiting(String user, Cursor cursor, RedisMember member, Runnable action) {}

    private final Site site;
    private final Post post;
    private final Map<Long, Waiting> waiting = new LinkedHashMap<>(); // in order; under the lock
    private final Map<String, Set<Long>> ofUsers =
            new HashMap<>(); // the numbers of each user's, in order; under the lock
    private long number; // of the latest one; under the lock

    Mailboxes(Site site, Post post) {
        this.site = site;
        this.post = post;
    }

    /** A user has read up to an offset, on some device; how far it was read now. */
    CompletionStage<Long> read(String user, long offset) {
        return site.link()
                .run(
                        Script.USER_READ,
                        site.keys().userRead(user),
                        Keeping.number(offset),
                        Keeping.number(KNOWN.toMillis()))
                .thenApply(found -> Reply.number(found, 0));
    }

    /** A device of the user's has received up to a cursor. */
    void received(String user, Cursor cursor) {
        site.retries().wish("received " + cursor.epoch() + " " + user, () -> site.link()
                .run(
                        Script.USER_RECEIVED,
                        site.keys().userReceived(user),
                        RedisLink.bytes(cursor.epoch()),
                        Keeping.number(cursor.offset()),
                        Keeping.number(KNOWN.toMillis()))
                .thenAccept(found -> Reply.texts(found, 0).forEach(process -> {
                    if (process.equals(site.processes().id())) {
                        onReceived(user, cursor);
                    } else {
                        post.send(process, new NodeMessage.Received(user));
                    }
                })));
    }

    /** Calls, on the member's thread, when a device of the user's has received up to a cursor; at once if one has. */
    void whenReceived(String user, Cursor cursor, RedisMember member, Runnable action) {
        synchronized (this) {
            waiting.put(++number, new Waiting(user, cursor, member, action));
            ofUsers.computeIfAbsent(user, any -> new LinkedHashSet<>(2)).add(number);
            if (waiting.size() > MAX_WAITING) {
                remove(waiting.keySet().iterator().next());
            }
        }
        look(user, true);
    }

    /** A user has received more, says another process; or may have. */
    void look(String user) {
        look(user, false);
    }

    /** What other processes have said may have been missed. */
    void lookAgain() {
        Set<String> users;
        synchronized (this) {
            users = Set.copyOf(ofUsers.keySet());
        }
        users.forEach(user -> look(user, true));
    }

    private void look(String user, boolean await) {
        site.retries().wish("awaited " + user, () -> site.link()
                .run(
                        Script.USER_AWAIT,
                        site.keys().userReceived(user),
                        RedisLink.bytes(await ? site.processes().id() : ""),
                        Keeping.number(AWAITED.toMillis()))
                .thenAccept(found -> {
                    if (!found.isEmpty()) {
                        onReceived(user, new Cursor(Reply.text(found, 0), Reply.number(found, 1)));
                    }
                }));
    }

    private void onReceived(String user, Cursor received) {
        List<Waiting> done = new ArrayList<>(1);
        synchronized (this) {
            for (long one : List.copyOf(ofUsers.getOrDefault(user, Set.of()))) {
                Waiting its = waiting.get(one);
                if (its != null
                        && its.cursor.epoch().equals(received.epoch())
                        && its.cursor.offset() <= received.offset()) {
                    remove(one);
                    done.add(its);
                }
            }
        }
        done.forEach(one -> one.member.execute(one.action));
    }

    /** Under the lock. */
    private void remove(long one) {
        Waiting removed = waiting.remove(one);
        Set<Long> all = removed == null ? null : ofUsers.get(removed.user);
        if (removed != null && all != null && all.remove(one) && all.isEmpty()) {
            ofUsers.remove(removed.user);
        }
    }

    synchronized void left(RedisMember member) {
        List<Long> its = new ArrayList<>();
        waiting.forEach((one, what) -> {
            if (what.member == member) {
                its.add(one);
            }
        });
        its.forEach(this::remove);
    }
}
