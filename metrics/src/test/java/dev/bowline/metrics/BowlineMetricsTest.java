package dev.bowline.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.realtime.Bowline;
import dev.bowline.realtime.Hub;
import dev.bowline.realtime.SessionClient;
import dev.bowline.realtime.SessionClientOptions;
import dev.bowline.realtime.SessionListener;
import dev.bowline.realtime.TopicPolicy;
import dev.bowline.testkit.Await;
import dev.bowline.testkit.FaultProxy;
import dev.bowline.testkit.RawFrame;
import dev.bowline.testkit.RawHandshake;
import dev.bowline.testkit.RawPeer;
import dev.bowline.testkit.Recorder;
import dev.bowline.websocket.ServerOptions;
import dev.bowline.websocket.WebSocketClient;
import dev.bowline.websocket.WebSocketListener;
import dev.bowline.websocket.WebSocketServer;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What Prometheus reads of a real server and hub, after real traffic. */
class BowlineMetricsTest {
    private static final int MASK = 0x1234567;

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final WebSocketClient webSockets =
            WebSocketClient.builder().eventLoops(1).build();
    private final Hub hub = Hub.builder()
            .topic(TopicPolicy.of("open.>").anyonePublishes())
            .build()
            .onRequest("echo", request -> CompletableFuture.completedFuture(request.payload()));
    private final WebSocketServer server;
    private final FaultProxy proxy;

    BowlineMetricsTest() throws IOException {
        server = WebSocketServer.builder()
                .options(ServerOptions.builder().eventLoops(2).build())
                .endpoint(hub.endpoint("/sessions"))
                .endpoint("/plain", new WebSocketListener() {})
                .start();
        proxy = FaultProxy.to("127.0.0.1", server.port());
    }

    @BeforeEach
    void bind() {
        BowlineMetrics.of(server, hub).bindTo(registry);
    }

    @AfterEach
    void close() {
        webSockets.close();
        proxy.close();
        hub.close();
        server.close();
    }

    private Scrape scrape() {
        return new Scrape(registry);
    }

    /** Scrapes until it shows something, as what it shows may be a second old. */
    private Scrape await(String what, Predicate<Scrape> shown) {
        Await.until(what, () -> shown.test(scrape()));
        return scrape();
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void aSessionThatIsCutAndComesBackIsSeen() throws Exception {
        SessionClient client = Bowline.connect(
                URI.create("ws://127.0.0.1:" + proxy.port() + "/sessions"),
                SessionClientOptions.builder()
                        .webSocketClient(webSockets)
                        .random(() -> 0L)
                        .build(),
                new SessionListener() {});
        Recorder<String> messages = new Recorder<>();
        get(client.subscribe("open.news", (topic, offset, payload) -> messages.record(payload.asText()))
                .ready());
        get(client.request("echo", "hello"));
        get(hub.topic("open.news").publish("live"));
        messages.expect("live");
        Scrape before = await("connected", scrape -> scrape.value("bowline_sessions", "state", "connected") == 1);
        assertThat(before.value("bowline_connections")).isEqualTo(1);
        assertThat(before.value("bowline_handshakes_total", "outcome", "accepted"))
                .isEqualTo(1);

        proxy.admit(FaultProxy.Admission.REFUSED);
        proxy.resetAll();
        await("cut", scrape -> scrape.value("bowline_sessions", "state", "away") == 1);
        get(hub.topic("open.news").publish("one"));
        get(hub.topic("open.news").publish("two"));
        proxy.admit(FaultProxy.Admission.OPEN);
        messages.expect("one");
        messages.expect("two");

        Scrape after = await(
                "resumed",
                scrape -> scrape.value("bowline_sessions_resumes_total", "outcome", "resumed") == 1
                        && scrape.value("bowline_replayed_total", "kind", "topic") == 2
                        && scrape.value("bowline_connections_closed_total", "code", "1006") == 1
                        && scrape.value("bowline_connections_opened_total")
                                == 2); // the server's may be older than the hub's
        assertThat(after.value("bowline_sessions_started_total")).isEqualTo(1);
        assertThat(after.value("bowline_sessions_suspended_total", "code", "1006"))
                .isEqualTo(1);
        assertThat(after.value("bowline_replayed_total", "kind", "topic")).isEqualTo(2);
        assertThat(after.value("bowline_topic_messages_total")).isEqualTo(3);
        assertThat(after.value("bowline_commands_total", "verb", "req")).isEqualTo(1);
        assertThat(after.value("bowline_connections_closed_total", "code", "1006"))
                .isEqualTo(1);
        assertThat(after.value("bowline_connections_opened_total")).isEqualTo(2);
        assertThat(after.value("bowline_messages_total", "direction", "received"))
                .isGreaterThan(3);
        assertThat(after.value("bowline_traffic_bytes_total", "direction", "sent"))
                .isGreaterThan(100);
        assertThat(after.value("bowline_engine_seconds_count", "operation", "append"))
                .isEqualTo(3);
        assertThat(after.value("bowline_engine_failures_total", "operation", "append"))
                .isZero();
        assertThat(after.value("bowline_gaps_total", "cause", "trimmed")).isZero();
        get(client.bye());
        await("bye", scrape -> scrape.value("bowline_sessions_ended_total", "reason", "bye") == 1);
    }

    @Test
    void bucketsAreWhatQuantilesAreComputedFrom() throws Exception {
        for (int i = 0; i < 20; i++) {
            get(hub.topic("open.news").publish("message"));
        }
        Scrape scrape =
                await("appended", some -> some.value("bowline_engine_seconds_count", "operation", "append") == 20);
        double last = 0;
        for (String bound : new String[] {"0.00005", "0.001", "0.1", "10", "+Inf"}) {
            double upTo = scrape.value("bowline_engine_buckets_total", "operation", "append", "le", bound);
            assertThat(upTo).isGreaterThanOrEqualTo(last);
            last = upTo;
        }
        assertThat(last).isEqualTo(20);
        assertThat(scrape.value("bowline_engine_seconds_sum", "operation", "append"))
                .isBetween(1e-9, 10.0);
        assertThat(scrape.value("bowline_loop_turn_buckets_total", "loop", "0", "le", "+Inf"))
                .isEqualTo(scrape.value("bowline_loop_turn_seconds_count", "loop", "0"));
    }

    @Test
    void whateverPeersDoTheNumberOfValuesStays() {
        int values = scrape().size();
        for (int code = 3000; code < 3030; code++) {
            try (RawPeer peer = RawPeer.connect(server.port())) {
                peer.handshakeAsClient("/plain");
                peer.send(RawFrame.close(code, "").withMask(MASK));
                peer.readToEnd();
            }
        }
        try (RawPeer peer = RawPeer.connect(server.port())) {
            peer.write(RawHandshake.request("localhost", "/nowhere-at-all"));
            assertThat(RawHandshake.status(peer.readHead())).isEqualTo(404);
        }
        Scrape after =
                await("closed", scrape -> scrape.value("bowline_connections_closed_total", "code", "3000-3999") == 30);
        assertThat(after.value("bowline_handshakes_total", "outcome", "404")).isEqualTo(1);
        assertThat(after.size()).isEqualTo(values);
    }

    @Test
    void whatIsClosedShowsWhatItHad() throws Exception {
        get(hub.topic("open.news").publish("message"));
        await("appended", some -> some.value("bowline_engine_seconds_count", "operation", "append") == 1);
        hub.close();
        server.close();
        Await.until("a second has passed, and the hub does not answer", () -> {
            assertThat(scrape().value("bowline_engine_seconds_count", "operation", "append"))
                    .isEqualTo(1);
            return hub.statistics().toCompletableFuture().isCompletedExceptionally();
        });
    }

    @Test
    void tagsTellServersApart() {
        SimpleMeterRegistry two = new SimpleMeterRegistry();
        BowlineMetrics.of(server).tags(Tag.of("server", "a")).bindTo(two);
        BowlineMetrics.of(server).tags(Tag.of("server", "b")).bindTo(two);
        BowlineMetrics.of(hub).bindTo(two);
        assertThat(two.find("bowline.connections").gauges()).hasSize(2).allMatch(gauge -> gauge.value() == 0);
        assertThat(two.find("bowline.sessions").gauges()).hasSize(2);
    }
}
