package dev.bowline.redis;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which sessions of this process are in which topics, and the telling of it: of each topic one list of wishes at a time is on its way to
 * Redis, numbered, and sent again until it is known to be in effect. Of what is wished meanwhile only the last for each session is kept.
 * All that holds is said again from time to time, so that what Redis has forgotten comes back.
 *
 * <p>Safe from any thread; nobody is called while the lock is held.
 */
final class Seats {
    private static final Logger LOGGER = System.getLogger(Seats.class.getName());

    /** How long Redis keeps the presence of a topic of which nobody says anything any more. */
    static final long KEEP_MILLIS = TimeUnit.DAYS.toMillis(1);

    /** How often all of a topic is said again. */
    private static final long REPEAT_NANOS = TimeUnit.MINUTES.toNanos(5);

    /** Of how many topics at one tick; if there are more, each comes less often. */
    private static final int MAX_REPEATED = 256;

    /** How many lists may be on their way. */
    private static final int MAX_UNDER_WAY = 512;

    /** How many sessions a list may have. */
    private static final int MAX_LIST = 256;

    private static final class Room {
        private final String topic;
        private final Map<String, Seat> seats = new HashMap<>();
        private final Set<Seat> wishes = new LinkedHashSet<>(); // of whom something is to be said
        private @Nullable SeatList sending; // until it is known to be in effect
        private boolean busy; // it is on its way, or is to be sent next
        private @Nullable String knownAs; // the process's name under which this is one of its topics
        private long repeatedNanos; // when everything was said again last

        Room(String topic) {
            this.topic = topic;
        }

        boolean isOver() {
            return seats.isEmpty() && wishes.isEmpty() && sending == null;
        }
    }

    private final RedisLink link;
    private final Keys keys;
    private final Processes processes;
    private final Supplier<String> epochs;
    private final LongSupplier nanos;

    // Under the lock.
    private final Map<String, Room> rooms = new LinkedHashMap<>(); // that was not repeated for the longest time first
    private final Set<Room> waiting = new LinkedHashSet<>(); // to be sent
    private final Set<Room> failed = new LinkedHashSet<>(); // to be sent again at the next tick
    private long numbers;
    private int underWay;
    private boolean sending;
    private boolean failing;

    /**
     * @param epochs gives names that nothing else has: 1 to 32 characters of base64url
     * @param nanos a clock of no particular beginning
     */
    Seats(RedisLink link, Keys keys, Processes processes, Supplier<String> epochs, LongSupplier nanos) {
        this.link = link;
        this.keys = keys;
        this.processes = processes;
        this.epochs = epochs;
        this.nanos = nanos;
    }

    // ---- Wishes ----

    /** As {@link dev.bowline.session.engine.Presence#enter}; gives up to wait after three times what a command may take. */
    void enter(String topic, String user, String session, int index, Watcher watcher, Runnable done) {
        synchronized (this) {
            Room room = room(topic);
            Seat seat = room.seats.computeIfAbsent(session, id -> new Seat(id, user));
            seat.waiters.add(new Seat.Waiter(watcher, done));
            seat.index = index;
            seat.present = true;
            seat.wishedMicros = processes.serverMicros();
            seat.late = false;
            seat.moved = 0; // whatever was said before that
            wish(room, seat, Seat.Word.ENTER);
        }
        send();
    }

    /** Does nothing if the session is no longer the member's. */
    void leave(String topic, String session, int index) {
        synchronized (this) {
            Room room = rooms.get(topic);
            Seat seat = room == null ? null : room.seats.get(session);
            if (room == null || seat == null || seat.index != index || !seat.present) {
                return;
            }
            leave(room, seat);
        }
        send();
    }

    private void leave(Room room, Seat seat) {
        seat.present = false;
        wish(room, seat, Seat.Word.LEAVE);
    }

    /**
     * A member gives a session to another one, which says from now on where it is; what is in Redis stays until then. So nothing of it is
     * said again here.
     */
    void released(String topic, String session, int index) {
        synchronized (this) {
            Room room = rooms.get(topic);
            Seat seat = room == null ? null : room.seats.get(session);
            if (room == null || seat == null || seat.index != index || !seat.present) {
                return;
            }
            if (seat.late) {
                seat.next = null;
                room.wishes.remove(seat);
            }
            seat.moved = Long.MAX_VALUE;
            forgetIfOver(room, seat);
        }
        send();
    }

    /** A member is gone, and the sessions that it had went nowhere else. */
    void leaveAll(int index) {
        synchronized (this) {
            rooms.values().forEach(room -> List.copyOf(room.seats.values()).stream()
                    .filter(seat -> seat.present && seat.index == index)
                    .forEach(seat -> leave(room, seat)));
        }
        send();
    }

    /** Redis may have forgotten everything. */
    void sayAgain() {
        synchronized (this) {
            rooms.values().forEach(this::hold);
        }
        send();
    }

    private void hold(Room room) {
        room.knownAs = null;
        room.seats.values().forEach(seat -> {
            if (seat.present && seat.next == null) {
                wish(room, seat, Seat.Word.HOLD);
            }
        });
    }

    private void wish(Room room, Seat seat, Seat.Word word) {
        seat.next = word;
        room.wishes.add(seat);
        want(room);
    }

    private void want(Room room) {
        if (!room.busy && !failed.contains(room)) {
            room.busy = true;
            waiting.add(room);
        }
    }

    private Room room(String topic) {
        Room found = rooms.get(topic);
        if (found == null) {
            found = new Room(topic);
            found.repeatedNanos = nanos.getAsLong();
            rooms.put(topic, found);
        }
        return found;
    }

    /** Another process has said that it has a session. */
    void moved(String topic, String session, long stamp) {
        synchronized (this) {
            Room room = rooms.get(topic);
            Seat seat = room == null ? null : room.seats.get(session);
            if (room == null || seat == null) {
                return;
            }
            seat.moved = Math.max(seat.moved, stamp);
            forgetIfOver(room, seat);
        }
        send();
    }

    private void forgetIfOver(Room room, Seat seat) {
        if (seat.isOver()) {
            seat.next = null;
            room.wishes.remove(seat);
            room.seats.remove(seat.session);
            if (room.seats.isEmpty()) {
                want(room); // so that it is no longer one of the process's topics
            }
        }
    }

    /**
     * Tries again what has failed, and repeats what was not repeated for long.
     *
     * @return the topics of the latter
     */
    List<String> tick() {
        List<String> repeated = new ArrayList<>(0);
        synchronized (this) {
            failed.forEach(room -> room.busy = true);
            waiting.addAll(failed);
            failed.clear();
            long now = nanos.getAsLong();
            List<Room> due = rooms.values().stream()
                    .limit(MAX_REPEATED)
                    .takeWhile(room -> now - room.repeatedNanos >= REPEAT_NANOS)
                    .toList();
            for (Room room : due) {
                rooms.remove(room.topic);
                rooms.put(room.topic, room);
                room.repeatedNanos = now;
                hold(room);
                repeated.add(room.topic);
            }
        }
        send();
        return repeated;
    }

    // ---- Sending ----

    /** Sends as many lists as may be under way. One thread does, and sees what the others bring meanwhile. */
    private void send() {
        for (Room room = next(false); room != null; room = next(true)) {
            SeatList list = list(room);
            if (list != null) {
                send(room, list);
            }
        }
    }

    /** The room whose turn it is. */
    private synchronized @Nullable Room next(boolean mine) {
        if (sending && !mine) {
            return null;
        }
        sending = !waiting.isEmpty() && underWay < MAX_UNDER_WAY;
        if (!sending) {
            return null;
        }
        Room room = waiting.iterator().next();
        waiting.remove(room);
        underWay++;
        return room;
    }

    /** What is to be said: the same as before, if that is not yet known to be in effect; null for nothing, then the room's turn is over. */
    private synchronized @Nullable SeatList list(Room room) {
        if (room.sending == null) {
            List<Seat> seats = room.wishes.stream().limit(MAX_LIST).toList();
            seats.forEach(room.wishes::remove);
            List<SeatList.Wish> wishes =
                    seats.stream().map(SeatList.Wish::of).sorted().toList();
            if (wishes.isEmpty() && (room.knownAs == null || !room.seats.isEmpty())) {
                room.busy = false;
                underWay--;
                if (room.isOver()) {
                    rooms.remove(room.topic, room);
                }
                return null;
            }
            room.sending = new SeatList(++numbers, wishes, wishes.isEmpty() ? room.knownAs : null);
            if (wishes.isEmpty()) {
                room.knownAs = null; // whatever becomes of it
            }
        }
        return room.sending;
    }

    private void send(Room room, SeatList list) {
        String process = processes.name();
        if (list.forget() != null) {
            topics(list.forget(), "-", room.topic)
                    .whenComplete((nothing, failure) -> ended(room, list, List.of(), null, failure));
            return;
        }
        known(room, process)
                .thenCompose(nothing -> run(
                        Script.SEATS,
                        keys.presence(room.topic),
                        list.arguments(room.topic, process, epochs.get(), keys)))
                .whenComplete(
                        (stamps, failure) -> ended(room, list, stamps == null ? List.of() : stamps, process, failure));
    }

    /** Makes it one of the process's topics, before the process has a seat there. */
    private CompletionStage<?> known(Room room, String process) {
        synchronized (this) {
            if (process.equals(room.knownAs)) {
                return CompletableFuture.completedFuture(null);
            }
        }
        return topics(process, "+", room.topic).thenAccept(nothing -> {
            synchronized (this) {
                room.knownAs = process;
            }
        });
    }

    private CompletionStage<List<Object>> topics(String process, String how, String topic) {
        return run(
                Script.TOPICS,
                keys.topicsOf(process),
                RedisLink.bytes(how),
                RedisLink.bytes(topic),
                RedisLink.bytes(Long.toString(KEEP_MILLIS)));
    }

    /** A link that is closed throws. */
    private CompletionStage<List<Object>> run(Script script, List<String> names, byte[]... arguments) {
        try {
            return link.run(script, names, arguments);
        } catch (RuntimeException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    private void ended(
            Room room, SeatList list, List<Object> stamps, @Nullable String process, @Nullable Throwable failure) {
        List<Seat.Waiter> told = new ArrayList<>();
        boolean news;
        synchronized (this) {
            underWay--;
            news = failing != (failure != null);
            failing = failure != null;
            room.busy = false;
            for (SeatList.Wish wish : list.wishes()) {
                told.addAll(wish.waiters());
                wish.waiters().clear();
            }
            if (failure == null) {
                room.sending = null;
                done(room, list, stamps, process);
            } else {
                failed.add(room);
                room.sending = list.late();
                for (Seat seat : room.wishes) { // Redis is away: they need not wait for that either
                    told.addAll(seat.waiters);
                    seat.waiters.clear();
                    seat.late = true;
                }
            }
        }
        if (news && failure != null) {
            LOGGER.log(
                    Level.WARNING, "could not tell Redis who is present, and goes on trying: {0}", failure.toString());
        } else if (news) {
            LOGGER.log(Level.INFO, "tells Redis again who is present");
        }
        told.forEach(Seat.Waiter::tell);
        send();
    }

    private void done(Room room, SeatList list, List<Object> stamps, @Nullable String process) {
        for (int i = 0; i < list.wishes().size(); i++) {
            SeatList.Wish wish = list.wishes().get(i);
            Seat seat = wish.seat();
            long stamp = Long.parseLong(RedisLink.text((byte[]) stamps.get(i)));
            seat.busy = false;
            seat.stamp = stamp;
            if (stamp == 0 && wish.word() != Seat.Word.LEAVE) {
                seat.moved = Math.max(seat.moved, 1); // more than nothing
            }
            forgetIfOver(room, seat);
        }
        if (process != null && !process.equals(processes.name())) {
            hold(room); // it was given up meanwhile
        }
        if (!room.wishes.isEmpty() || room.seats.isEmpty()) {
            want(room);
        }
    }
}
