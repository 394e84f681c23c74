package dev.bowline.cli.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bowline.realtime.Bowline;
import dev.bowline.realtime.Hub;
import dev.bowline.realtime.SessionClient;
import dev.bowline.realtime.SessionClientOptions;
import dev.bowline.realtime.SessionListener;
import dev.bowline.realtime.TopicPolicy;
import dev.bowline.session.engine.Engine;
import dev.bowline.session.memory.MemoryEngine;
import dev.bowline.testkit.Await;
import dev.bowline.testkit.Leaks;
import dev.bowline.testkit.Recorder;
import dev.bowline.websocket.WebSocketServer;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two nodes that share an engine. */
class DashboardTest {
    private final AtomicInteger secrets = new AtomicInteger();
    private final Engine engine = new MemoryEngine(() -> "secret-" + secrets.incrementAndGet());
    private final List<Node> nodes = new ArrayList<>();

    private record Node(Hub hub, WebSocketServer server, Dashboard dashboard) {
        ObjectNode asks() {
            return dashboard.nodes().toCompletableFuture().join();
        }

        void close() {
            dashboard.close();
            hub.close();
            server.close();
        }
    }

    private Node start() throws IOException {
        Hub hub = Hub.builder()
                .engine(engine)
                .topic(Dashboard.policy())
                .topic(TopicPolicy.of(">").anyonePublishes())
                .build();
        WebSocketServer server =
                WebSocketServer.builder().port(0).endpoint(hub.endpoint("/")).start();
        Dashboard dashboard = new Dashboard(hub, () -> server, true);
        dashboard.begin();
        Node node = new Node(hub, server, dashboard);
        nodes.add(node);
        return node;
    }

    private static SessionClient client(Node node) {
        return Bowline.connect(
                URI.create("ws://127.0.0.1:" + node.server().port()),
                SessionClientOptions.builder().build(),
                new SessionListener() {});
    }

    @AfterEach
    void close() {
        nodes.forEach(Node::close);
        Leaks.assertNoThreads("bowline-nodes");
    }

    @Test
    void eachNodeTellsOfAll() throws IOException {
        Node one = start();
        Node two = start();
        Await.until("one knows of both", () -> one.asks().get("nodes").size() == 2);
        Await.until("two knows of both", () -> two.asks().get("nodes").size() == 2);
        ObjectNode all = one.asks();
        assertThat(all.get("complete").asBoolean()).isTrue();
        assertThat(all.at("/nodes/0/id")).isEqualTo(all.get("asked"));
        assertThat(all.at("/nodes/0/name").asText()).endsWith(":" + one.server().port());
        assertThat(all.at("/nodes/1/name").asText()).endsWith(":" + two.server().port());
    }

    @Test
    void whatElseStandsInTheTopicIsNoNode() throws IOException {
        Node one = start();
        for (String text : List.of("no JSON {", "17", "{\"id\": 17}", "")) {
            one.hub().topic(Nodes.TOPIC).publish(text).toCompletableFuture().join();
        }
        assertThat(one.asks().get("nodes")).hasSize(1);
        assertThat(one.asks().get("complete").asBoolean()).isTrue();
    }

    @Test
    void noClientSeesWhatNodesTellEachOther() throws IOException {
        Node one = start();
        SessionClient client = client(one);
        Recorder<String> topics = new Recorder<>();
        client.subscribe(">", (topic, offset, payload) -> topics.record(topic))
                .ready()
                .toCompletableFuture()
                .join();
        assertThatThrownBy(() -> client.subscribe(Nodes.TOPIC, (topic, offset, payload) -> topics.record(topic))
                        .ready()
                        .toCompletableFuture()
                        .join())
                .hasMessageContaining("forbidden");
        assertThatThrownBy(() ->
                        client.publish(Nodes.TOPIC, "{}").toCompletableFuture().join())
                .hasMessageContaining("forbidden");
        one.hub().topic(Nodes.TOPIC).publish("{}").toCompletableFuture().join();
        one.hub().topic("news").publish("hello").toCompletableFuture().join();
        topics.expect("news");
        topics.assertEmpty();
        client.bye().toCompletableFuture().join();
    }
}
