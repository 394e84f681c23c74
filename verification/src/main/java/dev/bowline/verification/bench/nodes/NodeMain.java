package dev.bowline.verification.bench.nodes;

import com.sun.management.OperatingSystemMXBean;
import dev.bowline.realtime.Delivery;
import dev.bowline.realtime.Hub;
import dev.bowline.realtime.TopicPolicy;
import dev.bowline.session.server.Identity;
import dev.bowline.websocket.ServerOptions;
import dev.bowline.websocket.WebSocketServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A node with one event loop, in a process of its own. Arguments: the name of a {@link Mode}, and the URI of Redis. It says its port. A client's token is
 * the name of its user. Each line that it hears is answered by one line of numbers:
 *
 * <ul>
 *   <li>{@code cpu}: nanoseconds of processor time so far
 *   <li>{@code publish TOPIC COUNT}: so many messages, each when the one before is in the log
 *   <li>{@code flood TOPIC COUNT}: so many messages, {@value #IN_FLIGHT} at a time
 *   <li>{@code direct SESSION COUNT}: so many direct messages, each when the one before is kept; then waits for all receipts
 *   <li>{@code mail USER COUNT}: so many messages into a mailbox, each when the one before is kept
 * </ul>
 */
public final class NodeMain {
    /** What the request of that name gets for an answer is what it said. */
    static final String ECHO = "echo";

    /** What the payloads consist of that the application makes. */
    static final String TEXT = "x".repeat(100);

    static final int IN_FLIGHT = 32;

    private final Hub hub;

    private NodeMain(Hub hub) {
        this.hub = hub;
    }

    public static void main(String[] arguments) throws IOException {
        Hub hub = Hub.builder()
                .authenticator(token ->
                        CompletableFuture.completedFuture(token == null ? Identity.ANONYMOUS : Identity.of(token)))
                .topic(TopicPolicy.of("bench.>")
                        .retain(10_000, 16 << 20, Duration.ofHours(1))
                        .anyonePublishes())
                .engine(Mode.valueOf(arguments[0]).engine(arguments[1]))
                .build();
        hub.onRequest(ECHO, request -> CompletableFuture.completedFuture(request.payload()));
        WebSocketServer server = WebSocketServer.builder()
                .options(ServerOptions.builder()
                        .eventLoops(1)
                        .backlog(4_096)
                        .maxConnectionsPerAddress(100_000)
                        .build())
                .endpoint(hub.endpoint("/"))
                .start();
        System.out.println(server.port());
        try {
            new NodeMain(hub).listen();
        } catch (RuntimeException e) {
            System.err.println("a node fails: " + e + ", as " + e.getCause());
            System.exit(1); // else the hub's threads would go on
        }
        System.exit(0); // whoever started it is gone
    }

    private void listen() throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            System.out.println(answer(line.split(" ", -1)));
        }
    }

    private long answer(String[] question) {
        return switch (question[0]) {
            case "cpu" ->
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
            case "publish" -> times(question[2], () -> hub.topic(question[1]).publish(TEXT));
            case "flood" -> flood(question[1], Long.parseLong(question[2]));
            case "direct" -> direct(question[1], Long.parseLong(question[2]));
            case "mail" ->
                times(question[2], () -> hub.user(question[1]).send(TEXT).stored());
            default -> throw new IllegalArgumentException("what is " + question[0] + "?");
        };
    }

    private long flood(String topic, long count) {
        Deque<CompletionStage<Long>> underWay = new ArrayDeque<>();
        for (long i = 0; i < count; i++) {
            if (underWay.size() == IN_FLIGHT) {
                Clients.await(underWay.removeFirst());
            }
            underWay.addLast(hub.topic(topic).publish(TEXT));
        }
        underWay.forEach(Clients::await);
        return count;
    }

    private long direct(String session, long count) {
        List<CompletionStage<Void>> receipts = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            Delivery delivery = hub.session(session).send("direct", TEXT);
            receipts.add(delivery.received());
            Clients.await(delivery.stored());
        }
        receipts.forEach(Clients::await);
        return count;
    }

    private interface Act {
        CompletionStage<?> begin();
    }

    private static long times(String count, Act act) {
        long times = Long.parseLong(count);
        for (long i = 0; i < times; i++) {
            Clients.await(act.begin());
        }
        return times;
    }
}
