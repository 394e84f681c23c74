package dev.bowline.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.realtime.Bowline;
import dev.bowline.realtime.SessionClient;
import dev.bowline.realtime.SessionClientOptions;
import dev.bowline.realtime.SessionListener;
import dev.bowline.testkit.Await;
import dev.bowline.testkit.Recorder;
import dev.bowline.testkit.RedisProcess;
import dev.bowline.testkit.TcpBalancer;
import dev.bowline.websocket.WebSocketClient;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("once")
class ManyNodesTest {
    private final RedisProcess redis = RedisProcess.launch();
    private final WebSocketClient webSockets =
            WebSocketClient.builder().eventLoops(1).build();
    private final List<Program> nodes = new ArrayList<>();
    private final TcpBalancer balancer = TcpBalancer.start();

    private Program node() {
        Program node = Program.server(ManyNodes.class, "-Dredis=" + redis.uri());
        nodes.add(node);
        balancer.add(node.port());
        return node;
    }

    @AfterEach
    void stop() {
        webSockets.close();
        balancer.close();
        nodes.forEach(Program::close);
        redis.close();
    }

    private static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
    }

    @Test
    void aSessionGoesOnAtTheOtherNode() {
        List<Program> both = List.of(node(), node());
        SessionClient client = Bowline.connect(
                URI.create("ws://127.0.0.1:" + balancer.port()),
                SessionClientOptions.builder()
                        .webSocketClient(webSockets)
                        .random(() -> 0L)
                        .build(),
                new SessionListener() {});
        Recorder<String> news = new Recorder<>();
        get(client.subscribe("news.1", (topic, offset, payload) -> news.record(offset + " " + payload.asText()))
                .ready());
        get(client.publish("news.1", "one"));
        news.expect("1 one");
        int first = Integer.parseInt(get(client.request("where", "")).asText());
        String session = client.id().orElseThrow();
        for (Program node : both) {
            if (node.port() == first) {
                balancer.remove(node.port());
                node.close(); // as SIGTERM ends it
            }
        }
        get(client.publish("news.1", "two"));
        news.expect("2 two");
        assertThat(client.id()).contains(session);
        Await.until(
                "it is at the other node",
                () -> Integer.parseInt(get(client.request("where", "")).asText()) != first);
        get(client.bye());
    }
}
