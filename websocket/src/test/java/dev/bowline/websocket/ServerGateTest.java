package dev.bowline.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.testkit.CapturedLog;
import dev.bowline.testkit.RawHandshake;
import dev.bowline.testkit.RawPeer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which pages and which hosts a server answers, over real sockets; the rules are {@link AllowedOriginsTest}'s. */
class ServerGateTest {
    private static final String LOGGER = "dev.bowline.websocket.internal.server.Gate";

    @RegisterExtension
    final TestServer server = new TestServer();

    /** Asks for a WebSocket; returns the head of the answer, and its body. */
    private String ask(String host, String target, String... headerLines) {
        try (RawPeer peer = RawPeer.connect(server.port())) {
            peer.write(RawHandshake.request(host, target, headerLines));
            String head = peer.readHead();
            String length = RawHandshake.header(head, "Content-Length");
            return head + (length == null ? "" : text(peer.read(Integer.parseInt(length))));
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private int status(String host, String target, String... headerLines) {
        return RawHandshake.status(ask(host, target, headerLines));
    }

    @Test
    void aServerTakesPagesOfItsOwnOriginUnlessToldOtherwise() {
        server.start(new EchoListener());
        try (CapturedLog log = CapturedLog.of(LOGGER)) {
            String own = "localhost:" + server.port();
            assertThat(status(own, "/", "Origin: http://" + own)).isEqualTo(101);
            assertThat(status(own, "/")).isEqualTo(101);
            assertThat(log.lines()).isEmpty();
            String refused = ask(own, "/chat?token=secret", "Origin: https://evil.example");
            assertThat(RawHandshake.status(refused)).isEqualTo(403);
            assertThat(refused)
                    .endsWith("\r\n\r\npages of this origin may not open a WebSocket here: https://evil.example"
                            + " (RFC 6455 §10.2)\n");
            assertThat(log.lines())
                    .containsExactly("WARNING Refused a WebSocket at /chat to a page of the origin https://evil.example"
                            + " with 403: it is neither the server's own, http://" + own + ", nor listed. If it is to"
                            + " be allowed, add it to allowedOrigins of ServerOptions, or to --allow-origin of bowline"
                            + " serve.");
        }
        server.awaitConnections(0);
    }

    @Test
    void theHostOfAnAbsoluteTargetCountsInPlaceOfTheField() {
        server.start(new EchoListener());
        try (CapturedLog log = CapturedLog.of(LOGGER)) {
            assertThat(status("other", "http://localhost/", "Origin: http://localhost"))
                    .isEqualTo(101);
            assertThat(status("localhost", "http://other/", "Origin: http://localhost"))
                    .isEqualTo(403);
            assertThat(log.lines()).hasSize(1);
        }
    }

    @Test
    void listedOriginsAreTakenToo() {
        server.start(
                new EchoListener(),
                ServerOptions.builder()
                        .allowedOrigins("https://app.example", "http://localhost:5173")
                        .build());
        try (CapturedLog log = CapturedLog.of(LOGGER)) {
            assertThat(status("a", "/", "Origin: https://app.example")).isEqualTo(101);
            assertThat(status("a", "/", "Origin: http://localhost:5173")).isEqualTo(101);
            assertThat(status("a", "/", "Origin: http://a")).isEqualTo(101);
            assertThat(status("a", "/", "Origin: null")).isEqualTo(403);
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .endsWith(
                            "If it is to be allowed, only anyOrigin() of ServerOptions, or --allow-any-origin of bowline"
                                    + " serve, can do so.");
        }
    }

    @Test
    void everyOriginIsTakenWhereThatWasSaid() {
        server.start(new EchoListener(), ServerOptions.builder().anyOrigin().build());
        assertThat(status("a", "/", "Origin: null")).isEqualTo(101);
        assertThat(status("a", "/", "Origin: https://evil.example")).isEqualTo(101);
        assertThat(status("a", "/", "Origin: ")).isEqualTo(101);
    }

    @Test
    void anEndpointMayBeOpenOrClosedForItself() {
        server.start(builder -> builder.options(ServerOptions.builder()
                        .allowedOrigins("https://app.example")
                        .build())
                .endpoint(Endpoint.of("/open", new EchoListener()).anyOrigin())
                .endpoint(Endpoint.of("/own", new EchoListener()).sameOrigin())
                .endpoint(Endpoint.of("/other", new EchoListener()).allowedOrigins("https://other.example"))
                .endpoint("/*", new EchoListener()));
        try (CapturedLog log = CapturedLog.of(LOGGER)) {
            assertThat(status("a", "/open", "Origin: null")).isEqualTo(101);
            assertThat(status("a", "/own", "Origin: http://a")).isEqualTo(101);
            assertThat(status("a", "/own", "Origin: https://app.example")).isEqualTo(403);
            assertThat(status("a", "/other", "Origin: https://other.example")).isEqualTo(101);
            assertThat(status("a", "/other", "Origin: https://app.example")).isEqualTo(403);
            assertThat(status("a", "/", "Origin: https://app.example")).isEqualTo(101);
            assertThat(log.lines()).hasSize(2).allMatch(line -> line.contains("allowedOrigins of its Endpoint"));
        }
    }

    @Test
    void severalOriginsAreRefusedBeforeTheyAreLookedAt() {
        server.start(new EchoListener(), ServerOptions.builder().anyOrigin().build());
        assertThat(status("a", "/", "Origin: http://a", "Origin: http://a")).isEqualTo(400);
    }

    @Test
    void theApplicationIsNotAskedAboutForeignPages() {
        server.start(builder ->
                builder.endpoint(Endpoint.of("/*", new EchoListener()).onUpgrade(request -> {
                    server.events.record("asked");
                    return UpgradeDecision.accept();
                })));
        try (CapturedLog log = CapturedLog.of(LOGGER)) {
            assertThat(status("a", "/", "Origin: http://b")).isEqualTo(403);
            assertThat(log.lines()).hasSize(1);
        }
        assertThat(status("a", "/", "Origin: http://a")).isEqualTo(101);
        assertThat(server.events.take()).isEqualTo("asked");
    }

    @Test
    void aFloodOfRefusalsFillsNoLogAndForgesNoLine() {
        server.start(new EchoListener());
        try (CapturedLog log = CapturedLog.of(LOGGER)) {
            for (int i = 0; i < 40; i++) {
                assertThat(status("a", "/" + "p".repeat(3_000), "Origin: http://\u009b\u00e9" + "o".repeat(3_000)))
                        .isEqualTo(403);
            }
            assertThat(log.lines()).hasSizeBetween(10, 20); // 20, where a minute ended meanwhile
            assertThat(log.lines()).allMatch(line -> line.length() < 1_100 && line.matches("[ -~…]*"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "localhost, 101",
        "localhost:1234, 101",
        "LOCALHOST, 101",
        "[::1]:3000, 101",
        "evil.example, 421",
        "evil.example:80, 421",
        "127.0.0.1, 421",
        "'', 421",
        "local host, 400"
    })
    void whereHostsAreListedOnlyTheyAreAnswered(String host, int status) {
        server.start(builder -> builder.options(
                        ServerOptions.builder().allowedHosts("localhost", "::1").build())
                .resource("/", StaticResource.of("text/plain", new byte[0]))
                .endpoint("/*", new EchoListener()));
        try (CapturedLog log = CapturedLog.of(LOGGER);
                RawPeer peer = RawPeer.connect(server.port())) {
            assertThat(status(host, "/chat")).isEqualTo(status);
            peer.write("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n"); // plain HTTP too
            assertThat(RawHandshake.status(peer.readHead())).isEqualTo(status == 101 ? 200 : status);
            assertThat(log.lines())
                    .hasSize(status == 421 ? 2 : 0)
                    .allMatch(line -> line.startsWith("WARNING Refused a request for the host " + host
                            + " with 421: the server does not go by that name."
                            + " If it is to, add it to allowedHosts of ServerOptions, or to --allow-host"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://a b/", "http://user@localhost/", "http://[::1/"})
    void aMalformedHostInTheTargetIsRefused(String target) {
        server.start(new EchoListener());
        assertThat(status("localhost", target)).isEqualTo(400);
    }
}
