package dev.bowline.verification.bench.http;

import com.sun.management.OperatingSystemMXBean;
import dev.bowline.cli.api.ApiOptions;
import dev.bowline.cli.api.ApiServer;
import dev.bowline.cli.api.parts.ApiParts;
import dev.bowline.realtime.Hub;
import dev.bowline.realtime.TopicPolicy;
import dev.bowline.websocket.WebSocketServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;

/**
 * A hub with a WebSocket server and the HTTP API, in a process of its own. It says the ports of the two; then each line that it hears is
 * answered by one line of numbers:
 *
 * <ul>
 *   <li>{@code cpu}: nanoseconds of processor time so far
 *   <li>{@code published}: the offset of the last message of the topic
 *   <li>{@code publish NANOS}: publishes for so long itself; how many messages, and nanoseconds
 * </ul>
 */
public final class ApiNodeMain {
    static final String TOPIC = "news";
    static final String KEY = "key-of-the-benchmark";
    static final String TEXT = "x".repeat(100);

    /** How many messages are on their way at a time, where not one by one: in a batch, or before results have come. */
    static final int MANY = 100;

    private final Hub hub = Hub.builder()
            .topic(TopicPolicy.of(TOPIC)
                    .retain(1_000, 1 << 20, Duration.ofMinutes(1))
                    .anyonePublishes())
            .build();

    private ApiNodeMain() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        ApiNodeMain main = new ApiNodeMain();
        WebSocketServer sockets = WebSocketServer.builder()
                .port(0)
                .endpoint(main.hub.endpoint("/"))
                .start();
        ApiServer api = ApiServer.start(
                ApiOptions.of(List.of(KEY)).withPort(0),
                new ApiParts(main.hub, main.hub::sessions, null, null, () -> null));
        System.out.println(sockets.port() + " " + api.port());
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            System.out.println(main.answer(line.split(" ", -1)));
        }
    }

    private String answer(String[] question) throws InterruptedException {
        return switch (question[0]) {
            case "cpu" ->
                Long.toString(ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)
                        .getProcessCpuTime());
            case "published" ->
                Long.toString(hub.topic(TOPIC)
                        .publish("the last")
                        .toCompletableFuture()
                        .join());
            case "publish" -> publish(Long.parseLong(question[1]));
            default -> throw new IllegalArgumentException("what is " + question[0] + "?");
        };
    }

    private String publish(long nanos) throws InterruptedException {
        Semaphore room = new Semaphore(MANY);
        long began = System.nanoTime();
        long count = 0;
        while (System.nanoTime() - began < nanos) {
            room.acquire();
            hub.topic(TOPIC).publish(TEXT).whenComplete((offset, failure) -> room.release());
            count++;
        }
        room.acquire(MANY);
        return count + " " + (System.nanoTime() - began);
    }
}
