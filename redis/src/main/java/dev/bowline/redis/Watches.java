package dev.bowline.redis;

import dev.bowline.session.engine.Callback;
import dev.bowline.session.engine.Failure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the nodes of a process watch: one subscription in Redis and one copy of the list for each topic, however many they are. The changes
 * of a topic are numbered: where one is missing, or others are counted than before, the list is read again, and the watchers are told the
 * difference.
 *
 * <p>Safe from any thread. While the lock is held nobody is called but {@link Watcher#execute}: that is how what is told keeps its order.
 */
final class Watches {
    /** How many changes may come while the list is read; if there are more it is read again. */
    private static final int MAX_WAITING = 10_000;

    /** One node's watch; another one after it was ended and begun again. */
    private static final class Watch {
        private final Watcher watcher;
        private @Nullable Callback<List<String>> asked; // null when it has been told the list
        private boolean over; // touched on the node's thread

        Watch(Watcher watcher, Callback<List<String>> asked) {
            this.watcher = watcher;
            this.asked = asked;
        }
    }

    /** A topic that is watched. */
    private static final class Room {
        private final String topic;
        private final Map<Watcher, Watch> watches = new LinkedHashMap<>(2);
        private final Set<String> users = new LinkedHashSet<>();
        private final List<PresenceChanges> waiting = new ArrayList<>(0); // which came since the list was asked for
        private @Nullable String epoch; // null while the list was never read
        private long number;
        private boolean known; // the list is what the numbers say
        private boolean subscribed;
        private boolean asking; // Redis, for the subscription or the list
        private boolean askAgain; // as soon as that has ended

        Room(String topic) {
            this.topic = topic;
        }
    }

    private final RedisLink link;
    private final Keys keys;
    private final Map<String, Room> rooms = new HashMap<>(); // under the lock, as what is in it

    Watches(RedisLink link, Keys keys) {
        this.link = link;
        this.keys = keys;
    }

    // ---- Who watches ----

    /** On the node's thread. */
    void watch(String topic, Watcher watcher, Callback<List<String>> done) {
        List<String> users = null;
        Room asked = null;
        synchronized (this) {
            Room room = rooms.computeIfAbsent(topic, Room::new);
            Watch watch = new Watch(watcher, done);
            Watch before = room.watches.put(watcher, watch);
            if (before != null) {
                end(before);
            }
            if (room.known) {
                watch.asked = null;
                users = List.copyOf(room.users);
            } else if (!room.asking) {
                room.asking = true;
                asked = room;
            }
        }
        if (users != null) {
            done.done(users);
        }
        if (asked != null) {
            ask(asked);
        }
    }

    synchronized void unwatch(String topic, Watcher watcher) {
        Room room = rooms.get(topic);
        Watch watch = room == null ? null : room.watches.remove(watcher);
        if (room != null && watch != null) {
            end(watch);
            forgetIfEmpty(room);
        }
    }

    /** A node goes. */
    synchronized void left(Watcher watcher) {
        List.copyOf(rooms.keySet()).forEach(topic -> unwatch(topic, watcher));
    }

    private void forgetIfEmpty(Room room) {
        if (room.watches.isEmpty() && rooms.remove(room.topic, room)) {
            link.unsubscribe(keys.presenceChannel(room.topic));
        }
    }

    /** Whoever asked no longer wants to know, but is to be called once. */
    private static void end(Watch watch) {
        watch.over = true;
        refuse(watch, new Failure(Failure.CANCELLED, "the watch was ended before the list came"));
    }

    /** Whether it was still to be told the list. */
    private static boolean refuse(Watch watch, Failure failure) {
        Callback<List<String>> asked = watch.asked;
        if (asked != null) {
            watch.asked = null;
            watch.watcher.execute(() -> asked.failed(failure));
        }
        return asked != null;
    }

    private static void answer(Watch watch, Set<String> users) {
        Callback<List<String>> asked = watch.asked;
        if (asked != null) {
            watch.asked = null;
            List<String> told = List.copyOf(users);
            watch.watcher.execute(() -> asked.done(told));
        }
    }

    // ---- The list ----

    /** Who is in a topic, as Redis says now. */
    void list(String topic, Watcher watcher, Callback<List<String>> done) {
        link.run(Script.PRESENT, keys.present(topic))
                .whenComplete((found, failure) -> watcher.execute(() -> {
                    if (failure == null) {
                        done.done(users(found));
                    } else {
                        done.failed(Failures.of(failure));
                    }
                }));
    }

    private static List<String> users(List<Object> found) {
        return found.stream().skip(2).map(user -> RedisLink.text((byte[]) user)).toList();
    }

    /** Subscribes, where that is not yet so, and then reads the list: what comes after it is told. Whoever calls has set {@code asking}. */
    private void ask(Room room) {
        boolean subscribed;
        synchronized (this) {
            subscribed = room.subscribed;
        }
        if (subscribed) {
            read(room);
            return;
        }
        link.subscribe(keys.presenceChannel(room.topic)).whenComplete((nothing, failure) -> {
            if (failure != null) {
                failed(room, failure);
                return;
            }
            synchronized (this) {
                room.subscribed = true;
            }
            read(room);
        });
    }

    private void read(Room room) {
        link.run(Script.PRESENT, keys.present(room.topic)).whenComplete((found, failure) -> {
            if (failure != null) {
                failed(room, failure);
            } else if (found(room, found)) {
                ask(room);
            }
        });
    }

    /** The list has come; true if it is to be read once more. */
    private synchronized boolean found(Room room, List<Object> found) {
        room.epoch = RedisLink.text((byte[]) found.get(0));
        room.number = Long.parseLong(RedisLink.text((byte[]) found.get(1)));
        List<String> users = users(found);
        Set<String> now = new LinkedHashSet<>(users);
        List<String> gone =
                room.users.stream().filter(user -> !now.contains(user)).toList();
        gone.forEach(user -> change(room, user, false));
        users.forEach(user -> change(room, user, true));
        room.known = true;
        List<PresenceChanges> waiting = List.copyOf(room.waiting);
        room.waiting.clear();
        room.asking = false;
        room.watches.values().forEach(watch -> answer(watch, room.users));
        boolean again = room.askAgain;
        room.askAgain = false;
        for (PresenceChanges changes : waiting) {
            again |= !apply(room, changes);
        }
        if (again && !room.watches.isEmpty()) {
            room.known = false;
            room.asking = true;
            return true;
        }
        return false;
    }

    /** Those that wait for the list are told, and ask again if they like; the others are told when it can be read. */
    private synchronized void failed(Room room, Throwable thrown) {
        Failure failure = Failures.of(thrown);
        room.asking = false;
        room.askAgain = false;
        room.waiting.clear();
        room.watches.values().removeIf(watch -> refuse(watch, failure));
        forgetIfEmpty(room);
    }

    // ---- Changes ----

    /** What was published on a topic's channel. */
    void published(String topic, byte[] message) {
        reading(topic, room -> {
            PresenceChanges changes = PresenceChanges.parse(message);
            if (room.known) {
                room.askAgain = !apply(room, changes);
            } else if (room.waiting.size() < MAX_WAITING) {
                room.waiting.add(changes);
            } else {
                room.waiting.clear();
                room.askAgain = true;
            }
        });
    }

    /** The subscriptions were not in effect for a while, and are again. */
    void subscribedAgain() {
        List<String> topics;
        synchronized (this) {
            topics = List.copyOf(rooms.keySet());
        }
        topics.forEach(topic -> reading(topic, room -> room.askAgain = true));
    }

    /** Tries again what has failed. */
    void tick() {
        List<String> topics;
        synchronized (this) {
            topics = rooms.values().stream()
                    .filter(room -> !room.known && !room.asking)
                    .map(room -> room.topic)
                    .toList();
        }
        topics.forEach(topic -> reading(topic, room -> room.askAgain = !room.known));
    }

    /** Does something with a topic that is watched, and reads its list if that is wanted then. */
    private void reading(String topic, Consumer<Room> work) {
        Room room;
        synchronized (this) {
            room = rooms.get(topic);
            if (room == null) {
                return;
            }
            work.accept(room);
            if (!room.askAgain || room.asking) {
                return;
            }
            room.askAgain = false;
            room.known = false;
            room.asking = true;
        }
        ask(room);
    }

    /** False if changes are missing before these: then they are in what is to be read. */
    private static boolean apply(Room room, PresenceChanges changes) {
        boolean first = changes.number() == 1 && "".equals(room.epoch);
        if (!first && !changes.epoch().equals(room.epoch)) {
            return false;
        }
        if (!first && changes.number() <= room.number) {
            return true;
        }
        if (!first && changes.number() != room.number + 1) {
            return false;
        }
        room.epoch = changes.epoch();
        room.number = changes.number();
        changes.all().forEach(change -> change(room, change.user(), change.present()));
        return true;
    }

    /** What is no change is not told. */
    private static void change(Room room, String user, boolean present) {
        if (present ? !room.users.add(user) : !room.users.remove(user)) {
            return;
        }
        room.watches.values().forEach(watch -> {
            if (watch.asked == null) {
                watch.watcher.execute(() -> {
                    if (!watch.over) {
                        watch.watcher.onPresence(room.topic, user, present);
                    }
                });
            }
        });
    }
}
