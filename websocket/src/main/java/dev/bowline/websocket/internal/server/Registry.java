package dev.bowline.websocket.internal.server;

import dev.bowline.codec.PreparedMessage;
import dev.bowline.websocket.BroadcastResult;
import dev.bowline.websocket.ReadyState;
import dev.bowline.websocket.WebSocket;
import dev.bowline.websocket.internal.connection.Connection;
import dev.bowline.websocket.internal.loop.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * The open connections of a server: all of them, those of a user, and, for broadcasts, those of each event loop.
 */
public final class Registry {
    private final Set<WebSocket> all = ConcurrentHashMap.newKeySet();
    private final Map<String, Set<WebSocket>> users = new ConcurrentHashMap<>();
    private final List<LoopConnections> loops;

    private final Admission admission;

    Registry(List<EventLoop> loops, Admission admission) {
        this.loops = loops.stream().map(LoopConnections::new).toList();
        this.admission = admission;
    }

    /** Those of one event loop; each list is touched by its loop alone. */
    final class LoopConnections implements Connection.Owner {
        private final EventLoop loop;
        private final List<Connection> connections = new ArrayList<>();
        private final List<Connection> recipients = new ArrayList<>(); // empty but during a broadcast

        LoopConnections(EventLoop loop) {
            this.loop = loop;
        }

        EventLoop loop() {
            return loop;
        }

        @Override
        public void onOpened(Connection connection) {
            connection.registryIndex(connections.size());
            connections.add(connection);
            all.add(connection);
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
        public void onClosed(Connection connection) {
            // The last one takes the place that becomes free.
            Connection last = connections.remove(connections.size() - 1);
            if (last != connection) {
                connections.set(connection.registryIndex(), last);
                last.registryIndex(connection.registryIndex());
            }
            all.remove(connection);
            admission.release(connection.remoteAddress().getAddress());
            String user = connection.user();
            if (user != null) {
                users.computeIfPresent(user, (name, devices) -> {
                    devices.remove(connection);
                    return devices.isEmpty() ? null : devices;
                });
            }
            if (all.isEmpty()) {
                synchronized (all) {
                    all.notifyAll();
                }
            }
        }

        private BroadcastResult send(PreparedMessage message, Predicate<? super WebSocket> filter) {
            int accepted = 0;
            int refused = 0;
            // A filter, a policy or the onClose of another connection may close connections meanwhile, which moves
            // others in the list; so a copy is walked.
            recipients.addAll(connections);
            try {
                for (Connection connection : recipients) {
                    if (connection.readyState() == ReadyState.CLOSED || !filter.test(connection)) {
                        continue;
                    }
                    if (connection.send(message).isAccepted()) {
                        accepted++;
                    } else {
                        refused++;
                    }
                }
            } finally {
                recipients.clear();
            }
            return new BroadcastResult(accepted, refused);
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

    public Collection<WebSocket> all() {
        return Collections.unmodifiableCollection(all);
    }

    public Collection<WebSocket> user(String name) {
        Set<WebSocket> devices = users.get(name);
        return devices == null ? List.of() : Collections.unmodifiableCollection(devices);
    }

    /** Waits until no connection is left; false if some still are when the time is over. */
    boolean awaitEmpty(Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        synchronized (all) {
            while (!all.isEmpty()) {
                long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (millis <= 0) {
                    return false;
                }
                all.wait(millis);
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

    /** One task for each event loop; what it writes to a connection leaves with what else the turn wrote there. */
    public CompletionStage<BroadcastResult> broadcast(PreparedMessage message, Predicate<? super WebSocket> filter) {
        CompletableFuture<BroadcastResult> total = CompletableFuture.completedFuture(new BroadcastResult(0, 0));
        for (LoopConnections part : loops) {
            CompletableFuture<BroadcastResult> sent = new CompletableFuture<>();
            part.loop.execute(() -> {
                try {
                    sent.complete(part.send(message, filter));
                } catch (Throwable thrown) { // the filter is the application's code and may throw anything
                    sent.completeExceptionally(thrown);
                }
            });
            if (part.loop.hasEnded()) {
                sent.complete(new BroadcastResult(0, 0)); // the server was stopped; the task may never run
            }
            total = total.thenCombine(sent, BroadcastResult::plus);
        }
        return total;
    }
}
