package dev.bowline.verification.bench.restart;

import dev.bowline.session.engine.Callback;
import dev.bowline.session.engine.SessionMessage;
import dev.bowline.session.server.NodeOptions;
import dev.bowline.session.wire.Payload;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * A restart of a server with many sessions, played on a timeline: the nodes and the clients' sessions are real, connections are not. All
 * clients have been there for more than a minute, are subscribed to a topic, and miss messages of it while they are away, and each a
 * direct one.
 */
final class Rehearsal {
    private static final String TOPIC = "news";
    private static final int ARRIVAL_MILLIS = 20_000; // over which clients come at first
    private static final int STEADY_MILLIS = 65_000; // from then on the first attempt comes at once (section 8.3)
    private static final int RETURN_MILLIS = 150_000; // within which all must be back
    private static final int WITHOUT_THEM = 5; // messages of the topic

    private final Course course;
    private final int count;
    private final Timeline timeline = new Timeline();
    private final SplittableRandom random;
    private final SimulatedServer server;
    private final List<SimulatedClient> clients = new ArrayList<>();
    private final Curve attempts = new Curve();
    private final Curve openings = new Curve();
    private long beganMillis = Long.MAX_VALUE; // the restart
    private long resumed;

    Rehearsal(Course course, int count, long seed) {
        this.course = course;
        this.count = count;
        this.random = new SplittableRandom(seed);
        NodeOptions base = NodeOptions.DEFAULT;
        this.server = new SimulatedServer(
                timeline,
                new NodeOptions(
                        base.terms(),
                        base.maxHelloBytes(),
                        base.helloMillis(),
                        base.maxDirectBytes(),
                        base.maxNodeDirectBytes(),
                        base.maxSubscriptions(),
                        base.maxTopics(),
                        base.maxSessions(),
                        course.returnsPerSecond(),
                        base.hellosPerSecond(),
                        base.handlerMillis(),
                        base.slowMillis(),
                        base.expiryNoticeMillis()),
                random);
    }

    /** What is held on the heap, after a full collection. */
    private static long heapBytes() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /**
     * Plays it.
     *
     * @param heap is told what is on the heap, clients included: without clients, with all of them, when all are back, when all have left
     */
    Result play(Consumer<Long> heap) {
        heap.accept(heapBytes());
        for (int i = 0; i < count; i++) {
            SimulatedClient client = new SimulatedClient(timeline, server, random, new Observed());
            clients.add(client);
            timeline.at(random.nextLong(ARRIVAL_MILLIS), () -> client.start(TOPIC));
        }
        timeline.run(ARRIVAL_MILLIS + STEADY_MILLIS);
        heap.accept(heapBytes());
        beganMillis = timeline.now();
        restart();
        timeline.run(RETURN_MILLIS);
        heap.accept(heapBytes());
        if (openings.total() != count) {
            throw new IllegalStateException(openings.total() + " of " + count + " clients are back");
        }
        long came = clients.stream()
                .mapToLong(client -> client.messages() + client.directs())
                .sum();
        long told = clients.stream().mapToLong(SimulatedClient::losses).sum();
        long lost = course.graceful() ? count * (WITHOUT_THEM + 1L) - came + told : 0;
        clients.forEach(SimulatedClient::bye);
        clients.clear();
        timeline.run(RETURN_MILLIS);
        if (server.node().sessionCount() != 0) {
            throw new IllegalStateException("there are " + server.node().sessionCount() + " sessions without clients");
        }
        heap.accept(heapBytes());
        return new Result(course, count, attempts, openings, resumed, lost);
    }

    private void restart() {
        if (!course.graceful()) {
            clients.forEach(SimulatedClient::cut);
            server.crash(course.awayMillis());
            return;
        }
        SimulatedNode before = server.restart(course.awayMillis());
        for (int i = 1; i <= WITHOUT_THEM; i++) {
            Payload payload = Payload.text("message " + i);
            timeline.in(
                    i,
                    () -> before.use(node -> node.publish(
                            TOPIC, payload, timeline.now(), Callback.of(position -> {}, Rehearsal::failed))));
        }
        Payload direct = Payload.text("while you were away");
        for (SimulatedClient client : clients) {
            String id = String.valueOf(client.id());
            SessionMessage message = new SessionMessage.Direct("notice", direct, null);
            before.use(
                    node -> node.toSession(id, message, timeline.now(), Callback.of(taken -> {}, Rehearsal::failed)));
        }
        timeline.in(RETURN_MILLIS, () -> {
            if (before.sessionCount() != 0) {
                throw new IllegalStateException(before.sessionCount() + " sessions have not gone on");
            }
        });
    }

    private static void failed(Object failure) {
        throw new IllegalStateException(failure.toString());
    }

    /** What one client does. */
    private final class Observed implements SimulatedClient.Observer {
        private boolean back;

        @Override
        public void attempted() {
            attempts.add(timeline.now() - beganMillis);
        }

        @Override
        public void opened(boolean goesOn) {
            if (timeline.now() >= beganMillis && !back) {
                back = true;
                openings.add(timeline.now() - beganMillis);
                resumed += goesOn ? 1 : 0;
            }
        }
    }
}
