package dev.bowline.websocket.internal.server;

import dev.bowline.codec.CloseEvent;
import dev.bowline.codec.PreparedMessage;
import dev.bowline.websocket.BroadcastResult;
import dev.bowline.websocket.Histogram;
import dev.bowline.websocket.ReadyState;
import dev.bowline.websocket.SendResult;
import dev.bowline.websocket.ServerStatistics;
import dev.bowline.websocket.ServerStatistics.Traffic;
import dev.bowline.websocket.WebSocket;
import dev.bowline.websocket.internal.connection.Connection;
import dev.bowline.websocket.internal.connection.ConnectionOwner;
import dev.bowline.websocket.internal.loop.EventLoop;
import dev.bowline.websocket.internal.loop.LoopCounters;
import java.time.Duration;
import java.util.AbstractCollection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * The open connections of a server: all of them, those of a user, and, for broadcasts, those of each event loop.
 */
public final class Registry {
    private final AtomicInteger count = new AtomicInteger();
    private final Object noneLeft = new Object(); // notified when the count has come down to zero
    private final Map<String, Set<WebSocket>> users = new ConcurrentHashMap<>();
    private final List<LoopConnections> loops;

    private final Admission admission;

    Registry(List<EventLoop> loops, Admission admission) {
        this.loops = loops.stream().map(LoopConnections::new).toList();
        this.admission = admission;
    }

    /**
     * A broadcast looks at so many connections at once before it sends to them. Each costs some misses of the processor's
     * caches, most of what a delivery costs beside the system call; those of a whole group are waited for together.
     */
    private static final int LOOK_AHEAD = 16;

    /** Those of one event loop. */
    final class LoopConnections implements ConnectionOwner {
        private final EventLoop loop;
        private final ServerCounters counters = new ServerCounters();
        private final List<Connection> connections = new ArrayList<>(); // changed by the loop alone, under its own lock
        private final List<Connection> recipients = new ArrayList<>(); // empty but during a broadcast

        @SuppressWarnings(
                "UnusedVariable") // nobody asks; but were it not written, the compiler would drop the look-ahead
        private int ready;

        LoopConnections(EventLoop loop) {
            this.loop = loop;
        }

        EventLoop loop() {
            return loop;
        }

        ServerCounters counters() {
            return counters;
        }

        @Override
        public void onOpened(Connection connection) {
            connection.registryIndex(connections.size());
            synchronized (connections) {
                connections.add(connection);
            }
            counters.opened();
            count.incrementAndGet();
            String user = connection.user();
            if (user != null) {
                users.compute(user, (name, devices) -> {
                    Set<WebSocket> set = devices == null ? ConcurrentHashMap.newKeySet() : devices;
                    set.add(connection);
                    return set;
                });
            }
        }

        @Override
        public void onClosed(Connection connection, CloseEvent event) {
            counters.closed(event.code());
            synchronized (connections) {
                // The last one takes the place that becomes free.
                Connection last = connections.remove(connections.size() - 1);
                if (last != connection) {
                    connections.set(connection.registryIndex(), last);
                    last.registryIndex(connection.registryIndex());
                }
            }
            admission.release(connection.remoteAddress().getAddress());
            String user = connection.user();
            if (user != null) {
                users.computeIfPresent(user, (name, devices) -> {
                    devices.remove(connection);
                    return devices.isEmpty() ? null : devices;
                });
            }
            if (count.decrementAndGet() == 0) {
                synchronized (noneLeft) {
                    noneLeft.notifyAll();
                }
            }
        }

        /** For any thread. */
        private void copyTo(Collection<? super Connection> target) {
            synchronized (connections) {
                target.addAll(connections);
            }
        }

        /** Sends to one connection after the other: each gets all of the messages, which leave in one write. */
        private void send(List<Broadcast> broadcasts) {
            // A filter, a policy or the onClose of another connection may close connections meanwhile, which moves
            // others in the list; so a copy is walked.
            for (int i = 0; i < connections.size(); i++) { // not addAll, which makes an array of all of them
                recipients.add(connections.get(i));
            }
            try {
                for (int i = 0; i < recipients.size(); i++) {
                    if (i % LOOK_AHEAD == 0) {
                        lookAhead(i);
                    }
                    Connection connection = recipients.get(i);
                    if (connection.readyState() == ReadyState.CLOSED) {
                        continue;
                    }
                    if (broadcasts.size() == 1) {
                        broadcasts.get(0).sendTo(connection, true);
                        continue;
                    }
                    connection.beginBatch();
                    for (int n = 0; n < broadcasts.size(); n++) {
                        broadcasts.get(n).sendTo(connection, false);
                    }
                    connection.endBatch();
                }
            } finally {
                recipients.clear();
            }
        }

        private void lookAhead(int from) {
            int found = 0;
            for (int i = from; i < Math.min(from + LOOK_AHEAD, recipients.size()); i++) {
                if (recipients.get(i).isReadyToSend()) {
                    found++;
                }
            }
            ready = found;
        }

        private void close(int code, String reason) {
            new ArrayList<>(connections).forEach(connection -> connection.close(code, reason));
        }

        private void terminate() {
            new ArrayList<>(connections).forEach(Connection::terminate);
        }
    }

    LoopConnections of(int loop) {
        return loops.get(loop);
    }

    /** What the loops have counted, for any thread. */
    ServerStatistics statistics() {
        long opened = 0;
        long accepted = 0;
        long refusedSends = 0;
        long queuedBytes = 0;
        int open = 0;
        Map<String, Long> handshakes = new TreeMap<>();
        Map<String, Long> closes = new TreeMap<>();
        Traffic received = new Traffic(0, 0);
        Traffic sent = new Traffic(0, 0);
        Histogram roundTrips = Histogram.EMPTY;
        List<ServerStatistics.Loop> each = new ArrayList<>(loops.size());
        for (LoopConnections part : loops) {
            LoopCounters counted = part.loop.counters();
            int here = part.counters.open();
            open += here;
            opened += part.counters.openedCount();
            accepted += part.counters.acceptedCount();
            part.counters.addHandshakesTo(handshakes);
            part.counters.addClosesTo(closes);
            received = received.plus(counted.receivedTraffic());
            sent = sent.plus(counted.sentTraffic());
            refusedSends += counted.refusedSends();
            queuedBytes += counted.queuedBytes();
            roundTrips = roundTrips.plus(counted.roundTrips());
            each.add(new ServerStatistics.Loop(
                    part.loop.name(), here, counted.turns(), counted.lag(), part.loop.turnNanos()));
        }
        return new ServerStatistics(
                open,
                opened,
                accepted,
                handshakes,
                closes,
                received,
                sent,
                refusedSends,
                queuedBytes,
                roundTrips,
                each);
    }

    public Collection<WebSocket> all() {
        return new All();
    }

    /** A view of all connections; an iteration sees those that are open when it begins. */
    private final class All extends AbstractCollection<WebSocket> {
        @Override
        public Iterator<WebSocket> iterator() {
            List<WebSocket> found = new ArrayList<>(count.get());
            loops.forEach(part -> part.copyTo(found));
            return Collections.unmodifiableList(found).iterator();
        }

        @Override
        public int size() {
            return count.get();
        }
    }

    public Collection<WebSocket> user(String name) {
        Set<WebSocket> devices = users.get(name);
        return devices == null ? List.of() : Collections.unmodifiableCollection(devices);
    }

    /** Waits until no connection is left; false if some still are when the time is over. */
    boolean awaitEmpty(Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        synchronized (noneLeft) {
            while (count.get() > 0) {
                long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (millis <= 0) {
                    return false;
                }
                noneLeft.wait(millis);
            }
        }
        return true;
    }

    /**
     * Closes all connections. By the event loops themselves, so that those which are just opening are not missed.
     */
    void closeAll(int code, String reason) {
        loops.forEach(part -> part.loop.execute(() -> part.close(code, reason)));
    }

    /** Cuts all connections; as {@link #closeAll}. */
    void terminateAll() {
        loops.forEach(part -> part.loop.execute(part::terminate));
    }

    /** One task for each event loop; those that wait there together are done together. */
    public CompletionStage<BroadcastResult> broadcast(PreparedMessage message, Predicate<? super WebSocket> filter) {
        CompletableFuture<BroadcastResult> total = null;
        for (LoopConnections part : loops) {
            Broadcast broadcast = new Broadcast(part, message, filter);
            part.loop.execute(broadcast);
            if (part.loop.hasEnded()) {
                broadcast.complete(); // the server was stopped; the task may never run
            }
            // A copy: what its receiver does to it must not reach the broadcast.
            total = total == null
                    ? broadcast.result.copy()
                    : total.thenCombine(broadcast.result, BroadcastResult::plus);
        }
        return total == null ? CompletableFuture.completedFuture(new BroadcastResult(0, 0)) : total;
    }

    /** One message to the connections of one event loop. Touched by that loop alone, once it has been handed over. */
    private static final class Broadcast implements EventLoop.JoiningTask {
        private final LoopConnections part;
        private final PreparedMessage message;
        private final Predicate<? super WebSocket> filter;
        private final CompletableFuture<BroadcastResult> result = new CompletableFuture<>();
        private final List<Broadcast> joined = new ArrayList<>(1); // this one, and those that run along with it
        private int accepted;
        private int refused;

        Broadcast(LoopConnections part, PreparedMessage message, Predicate<? super WebSocket> filter) {
            this.part = part;
            this.message = message;
            this.filter = filter;
            joined.add(this);
        }

        @Override
        public boolean join(Runnable next) {
            if (next instanceof Broadcast other && other.part == part) {
                joined.add(other);
                return true;
            }
            return false;
        }

        @Override
        public void run() {
            try {
                part.send(joined);
                joined.forEach(Broadcast::complete);
            } catch (Throwable thrown) { // no memory
                joined.forEach(broadcast -> broadcast.result.completeExceptionally(thrown));
            }
        }

        void sendTo(Connection connection, boolean alone) {
            try {
                if (result.isDone() || !filter.test(connection)) {
                    return;
                }
            } catch (Throwable thrown) { // the filter is the application's code and may throw anything
                result.completeExceptionally(thrown);
                return;
            }
            SendResult sent = alone ? connection.sendAlone(message) : connection.send(message);
            if (sent.isAccepted()) {
                accepted++;
            } else {
                refused++;
            }
        }

        void complete() {
            result.complete(new BroadcastResult(accepted, refused)); // without effect where the filter failed
        }
    }
}
