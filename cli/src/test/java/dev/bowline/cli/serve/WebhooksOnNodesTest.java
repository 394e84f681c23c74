package dev.bowline.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.cli.Program;
import dev.bowline.cli.hook.BackEnd;
import dev.bowline.realtime.Bowline;
import dev.bowline.realtime.SessionClient;
import dev.bowline.realtime.SessionClientOptions;
import dev.bowline.realtime.SessionState;
import dev.bowline.testkit.Await;
import dev.bowline.testkit.FaultProxy;
import dev.bowline.testkit.RedisProcess;
import dev.bowline.testkit.TcpBalancer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes on one Redis, each a process of its own, and one back end that both tell. Whoever comes is who they say, as in the demo. */
@Tag("once")
class WebhooksOnNodesTest {
    /** The lease of a node that has died, and the window of its sessions, on a machine that is busy. */
    private static final Duration SWEPT = Duration.ofMinutes(1);

    @TempDir
    private Path directory = Path.of("");

    private final List<AutoCloseable> opened = new ArrayList<>();
    private final RedisProcess redis = opened(RedisProcess.launch()); // first, as without it the test is skipped
    private final BackEnd backEnd = opened(new BackEnd());
    private final TcpBalancer balancer = opened(TcpBalancer.start());
    private final List<Program> nodes = new ArrayList<>();
    private final List<Integer> ports = new ArrayList<>();
    private Path configuration = Path.of("");

    private <T extends AutoCloseable> T opened(T one) {
        opened.add(one);
        return one;
    }

    @BeforeEach
    void start() throws Exception {
        Path file = Files.writeString(
                directory.resolve("bowline.yaml"), """
                server: {port: 0}
                engine: '%s'
                redis: {lease: 2s}
                sessions: {resumeWindow: 2s}
                api: {enabled: false}
                log: {connections: false}
                hooks:
                  - url: '%s'
                    secret: %s
                    events: [session-started, session-suspended, session-resumed, session-ended, stored-offline]
                """.formatted(redis.uri(), backEnd.url(), BackEnd.SECRET));
        begin(file);
        begin(file);
        for (Program node : nodes) {
            ports.add(node.port());
        }
        configuration = file;
    }

    private void begin(Path file) {
        nodes.add(opened(Program.start("serve", "--config", file.toString())));
    }

    @AfterEach
    void close() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
        assertThat(backEnd.wrong()).isEmpty();
    }

    private SessionClient connect(int port, String user) {
        SessionClient client = opened(Bowline.connect(
                URI.create("ws://127.0.0.1:" + port),
                SessionClientOptions.builder().agent("shop/2").token(user).build()));
        Await.until("the session has begun", () -> client.state() == SessionState.OPEN);
        return client;
    }

    private static void done(CompletionStage<?> stage) throws Exception {
        stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    /** {@code first: session-ended ada 1006}: who tells, what, of whom, with the code if there is one. */
    private List<String> told() {
        return backEnd.told().stream()
                .map(one -> {
                    String who = nameOf(one.json().path("node").asText());
                    return (who + ": " + one.type() + " " + one.data("user") + " " + one.data("code")).strip();
                })
                .toList();
    }

    private String nameOf(String teller) {
        for (int i = 0; i < nodes.size(); i++) {
            if (teller.endsWith("/" + nodes.get(i).pid())) {
                return List.of("first", "second", "third").get(i);
            }
        }
        return teller;
    }

    private void awaitTold(String event) {
        Await.until(event + " among " + told(), SWEPT, () -> told().contains(event));
    }

    @Test
    void eachEventIsToldOnceByTheNodeThatItHappensOn() throws Exception {
        SessionClient ada = connect(ports.get(0), "ada");
        SessionClient bob = connect(ports.get(1), "bob");
        done(bob.request("demo.tell", "ada\nYou are there, though elsewhere."));
        done(bob.request("demo.tell", "carol\nAre you there?"));
        done(ada.request("demo.tell", "carol\nStill away?"));
        done(ada.bye());
        done(bob.bye());
        String[] expected = {
            "first: session-started ada",
            "second: session-started bob",
            "second: stored-offline carol",
            "first: stored-offline carol",
            "first: session-ended ada 1000",
            "second: session-ended bob 1000"
        };
        Await.until("told " + told(), () -> told().size() >= expected.length);
        assertThat(told()).containsExactlyInAnyOrder(expected);
    }

    @Test
    void whatANodeHadThatDiedGoesOnOrEndsAtAnotherOnce() throws Exception {
        balancer.add(ports.get(0));
        SessionClient ada = connect(balancer.port(), "ada");
        connect(ports.get(0), "bob"); // who can't come back
        try (FaultProxy proxy = FaultProxy.to("127.0.0.1", ports.get(0))) {
            connect(proxy.port(), "eve");
        }
        awaitTold("first: session-started ada");
        awaitTold("first: session-started bob");
        awaitTold("first: session-suspended eve 1006"); // and what is told no more when its node has died
        balancer.add(ports.get(1));
        nodes.get(0).signal("KILL");
        awaitTold("second: session-resumed ada");
        awaitTold("second: session-ended bob 4000");
        awaitTold("second: session-ended eve 4000");
        done(ada.bye());
        awaitTold("second: session-ended ada 1000");
        assertThat(told())
                .containsExactlyInAnyOrder(
                        "first: session-started ada",
                        "first: session-started bob",
                        "first: session-started eve",
                        "first: session-suspended eve 1006",
                        "second: session-resumed ada",
                        "second: session-ended bob 4000",
                        "second: session-ended eve 4000",
                        "second: session-ended ada 1000");
        assertThat(backEnd.told())
                .allSatisfy(one -> assertThat(one.data("agent")).isEqualTo("shop/2"));
    }

    @Test
    void whatANodeHadThatWasStoppedGoesOnOrEndsAtAnotherOnce() throws Exception {
        balancer.add(ports.get(0));
        SessionClient ada = connect(balancer.port(), "ada");
        connect(ports.get(0), "bob"); // who can't come back
        awaitTold("first: session-started ada");
        awaitTold("first: session-started bob");
        balancer.add(ports.get(1));
        nodes.get(0).signal("TERM");
        assertThat(nodes.get(0).exitCode()).isZero();
        awaitTold("second: session-resumed ada");
        awaitTold("second: session-ended bob 4000");
        done(ada.bye());
        awaitTold("second: session-ended ada 1000");
        assertThat(told())
                .containsExactlyInAnyOrder(
                        "first: session-started ada",
                        "first: session-started bob",
                        "first: session-suspended ada 4003",
                        "first: session-suspended bob 4003",
                        "second: session-resumed ada",
                        "second: session-ended bob 4000",
                        "second: session-ended ada 1000");
    }

    @Test
    void whereNoNodeIsLeftTheNextOneTellsOfEnds() throws Exception {
        connect(ports.get(0), "ada");
        connect(ports.get(1), "bob");
        awaitTold("first: session-started ada");
        awaitTold("second: session-started bob");
        nodes.get(0).signal("KILL");
        nodes.get(1).signal("KILL");
        assertThat(nodes.get(0).exitCode() + nodes.get(1).exitCode()).isEqualTo(2 * 137);
        begin(configuration);
        awaitTold("third: session-ended ada 4000");
        awaitTold("third: session-ended bob 4000");
        assertThat(told()).hasSize(4);
    }
}
