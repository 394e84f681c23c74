package dev.bowline.session.server;

import dev.bowline.session.engine.Callback;
import dev.bowline.session.engine.Presence;
import dev.bowline.session.wire.ServerMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Who is in which topic, as far as this node's sessions want to know (section 6.5). Touched on the node's thread alone. */
final class Roster {
    /** How long to wait before it is asked again who is there. */
    private static final long RETRY_MILLIS = 1_000;

    private final class Room extends Timed {
        private final String topic;
        private long retryMillis = NEVER;
        private final Set<String> users = new LinkedHashSet<>();
        private final Set<Session> watchers = new LinkedHashSet<>();
        private boolean known; // the users are

        Room(String topic) {
            this.topic = topic;
        }

        @Override
        long deadlineMillis() {
            return watchers.isEmpty() ? NEVER : retryMillis;
        }

        @Override
        void onTime(long nowMillis) {
            retryMillis = NEVER;
            ask(this);
        }
    }

    private final Node node;
    private final Presence presence;
    private final Map<String, Room> rooms = new HashMap<>();

    Roster(Node node, Presence presence) {
        this.node = node;
        this.presence = presence;
    }

    /** Tells a session who is there, and from then on who comes and goes. */
    void watch(String topic, Session session) {
        Room room = rooms.get(topic);
        if (room != null) {
            room.watchers.add(session);
            if (room.known) {
                tellHere(topic, room, session);
            }
            return;
        }
        Room opened = new Room(topic);
        rooms.put(topic, opened);
        opened.watchers.add(session);
        ask(opened);
    }

    private void ask(Room room) {
        presence.watch(
                room.topic,
                Callback.of(
                        users -> {
                            room.known = true;
                            room.users.addAll(users);
                            List.copyOf(room.watchers).forEach(watcher -> tellHere(room.topic, room, watcher));
                        },
                        failure -> {
                            room.retryMillis = node.now() + RETRY_MILLIS;
                            node.timers().update(room);
                        }));
    }

    void unwatch(String topic, Session session) {
        Room room = rooms.get(topic);
        if (room != null && room.watchers.remove(session) && room.watchers.isEmpty()) {
            rooms.remove(topic);
            presence.unwatch(topic);
        }
    }

    /** A session that watches has a new connection, and is told again. */
    void tellHere(String topic, Session session) {
        Room room = rooms.get(topic);
        if (room != null && room.known && room.watchers.contains(session)) {
            tellHere(topic, room, session);
        }
    }

    private static void tellHere(String topic, Room room, Session session) {
        session.sendNow(new ServerMessage.Here(topic, new ArrayList<>(room.users)));
    }

    /** A user came or went. What the node knows already, because it asked at the same time, is told nobody twice. */
    void changed(String topic, String user, boolean present) {
        Room room = rooms.get(topic);
        if (room == null || !room.known || !(present ? room.users.add(user) : room.users.remove(user))) {
            return;
        }
        ServerMessage message = present ? new ServerMessage.Join(topic, user) : new ServerMessage.Leave(topic, user);
        List.copyOf(room.watchers).forEach(watcher -> watcher.sendNow(message));
    }
}
