package dev.bowline.session.memory;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which users are in which topics. Under the engine's lock. */
final class MemoryPresence {
    /** A session in a topic, and the member that said so. */
    private record Seat(MemoryMember member, String session) {}

    private static final class Room {
        private final Map<String, Set<Seat>> users = new LinkedHashMap<>();
        private final Map<MemoryMember, Object> watchers =
                new LinkedHashMap<>(); // and what tells one watch from the next

        void tell(String topic, String user, boolean present) {
            watchers.forEach((watcher, watch) -> watcher.present(topic, user, present, watch));
        }

        boolean isEmpty() {
            return users.isEmpty() && watchers.isEmpty();
        }
    }

    private final Map<String, Room> rooms = new HashMap<>();

    void enter(String topic, String user, MemoryMember member, String session) {
        Room room = rooms.computeIfAbsent(topic, name -> new Room());
        Set<Seat> seats = room.users.get(user);
        if (seats == null) {
            seats = new LinkedHashSet<>();
            room.users.put(user, seats);
            room.tell(topic, user, true);
        }
        seats.removeIf(seat -> seat.session.equals(session)); // it has moved to another member
        seats.add(new Seat(member, session));
    }

    void leave(String topic, String user, MemoryMember member, String session) {
        Room room = rooms.get(topic);
        Set<Seat> seats = room == null ? null : room.users.get(user);
        if (room != null && seats != null && seats.remove(new Seat(member, session)) && seats.isEmpty()) {
            room.users.remove(user);
            room.tell(topic, user, false);
            forgetIfEmpty(topic, room);
        }
    }

    List<String> watch(String topic, MemoryMember member) {
        rooms.computeIfAbsent(topic, name -> new Room()).watchers.put(member, new Object());
        return list(topic);
    }

    /** Whether a watch goes on; what came before its end is nothing to one that was begun since. */
    boolean isWatching(String topic, MemoryMember member, Object watch) {
        Room room = rooms.get(topic);
        return room != null && room.watchers.get(member) == watch;
    }

    void unwatch(String topic, MemoryMember member) {
        Room room = rooms.get(topic);
        if (room != null) {
            room.watchers.remove(member);
            forgetIfEmpty(topic, room);
        }
    }

    List<String> list(String topic) {
        Room room = rooms.get(topic);
        return room == null ? List.of() : List.copyOf(room.users.keySet());
    }

    private void forgetIfEmpty(String topic, Room room) {
        if (room.isEmpty()) {
            rooms.remove(topic);
        }
    }

    void left(MemoryMember member) {
        new ArrayList<>(rooms.keySet()).forEach(topic -> {
            Room room = rooms.get(topic);
            if (room == null) {
                return;
            }
            room.watchers.remove(member);
            for (Iterator<Map.Entry<String, Set<Seat>>> users =
                            room.users.entrySet().iterator();
                    users.hasNext(); ) {
                Map.Entry<String, Set<Seat>> user = users.next();
                if (user.getValue().removeIf(seat -> seat.member == member)
                        && user.getValue().isEmpty()) {
                    users.remove();
                    room.tell(topic, user.getKey(), false);
                }
            }
            forgetIfEmpty(topic, room);
        });
    }
}
