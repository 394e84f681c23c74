package dev.bowline.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.testkit.RawFrame;
import dev.bowline.testkit.RawHandshake;
import dev.bowline.testkit.RawPeer;
import dev.bowline.testkit.Seeded;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Plain HTTP beside the WebSockets. */
class ServerStaticHttpTest {
    private static final byte[] PAGE = "<p>Hello".getBytes(StandardCharsets.UTF_8);
    private static final byte[] LARGE = Seeded.of(1).bytes(3_000_000);

    @RegisterExtension
    final TestServer server = newServer();

    TestServer newServer() {
        return new TestServer();
    }

    @BeforeEach
    void start() {
        server.start(builder -> builder.resource("/", StaticResource.of("text/html; charset=utf-8", PAGE))
                .resource("/large", StaticResource.of("application/octet-stream", LARGE))
                .endpoint("/chat", new EchoListener())
                .endpoint("/", new EchoListener())
                .options(ServerOptions.builder()
                        .handshakeTimeout(Duration.ofMillis(500))
                        .build()));
    }

    private static String request(String method, String target, String... headers) {
        return method + " " + target + " HTTP/1.1\r\nHost: a\r\n" + String.join("", headers) + "\r\n";
    }

    /** Reads a response that must have this status; returns its head. */
    private static String expect(RawPeer peer, int status, byte[] body) {
        String head = peer.readHead();
        assertThat(RawHandshake.status(head)).as(head).isEqualTo(status);
        assertThat(peer.read(body.length)).isEqualTo(body);
        return head;
    }

    private static void expectWithAnyBody(RawPeer peer, int status) {
        String head = expect(peer, status, new byte[0]);
        peer.read(Integer.parseInt(String.valueOf(RawHandshake.header(head, "Content-Length"))));
    }

    @Test
    void oneConnectionTakesManyRequestsOneAfterTheOther() {
        RawPeer peer = server.connect();
        peer.write(request("GET", "/"));
        String head = expect(peer, 200, PAGE);
        assertThat(RawHandshake.header(head, "Content-Type")).isEqualTo("text/html; charset=utf-8");
        assertThat(RawHandshake.header(head, "Content-Length")).isEqualTo("8");
        peer.write(request("HEAD", "/"));
        assertThat(RawHandshake.header(expect(peer, 200, new byte[0]), "Content-Length"))
                .isEqualTo("8");
        peer.write(request("GET", "/", "If-None-Match: " + RawHandshake.header(head, "ETag") + "\r\n"));
        expect(peer, 304, new byte[0]);
        peer.write(request("DELETE", "/"));
        expectWithAnyBody(peer, 405);
        peer.write(request("GET", "/nothing"));
        expectWithAnyBody(peer, 404);
        peer.write(request("GET", "/chat"));
        expectWithAnyBody(peer, 426);
        peer.write(request("GET", "http://a/?x=y"));
        expect(peer, 200, PAGE);
        peer.write(request("GET", "/", "Connection: close\r\n"));
        expect(peer, 200, PAGE);
        peer.expectEof();
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrderTheLastOneMayBeAnUpgrade() {
        RawPeer peer = server.connect();
        peer.write(request("GET", "/")
                + request("HEAD", "/")
                + request("GET", "/large")
                + RawHandshake.request("a", "/chat"));
        peer.send(TestServer.text("behind it all"));
        expect(peer, 200, PAGE);
        expect(peer, 200, new byte[0]);
        expect(peer, 200, LARGE);
        expect(peer, 101, new byte[0]);
        peer.expectFrame(RawFrame.text("behind it all"));
    }

    @Test
    void aLargeResourceReachesASlowReaderThoughItHasEndedItsSide() {
        RawPeer peer = server.connect();
        peer.write(request("GET", "/large", "Connection: close\r\n"));
        peer.shutdownOutput();
        expect(peer, 200, LARGE);
        peer.expectEof();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/../",
                "/%2e%2e/etc/passwd",
                "//",
                "/./",
                "/large/..",
                "/%00",
                "/large%2F",
                "http://a/../large",
                "*",
                "x"
            })
    void noPathLeadsOutOfTheList(String target) {
        RawPeer peer = server.connect();
        peer.write(request("GET", target));
        expectWithAnyBody(peer, 404);
    }

    @Test
    void aBodyIsNeverTakenForARequest() {
        for (String header : new String[] {"Content-Length: 40\r\n", "Transfer-Encoding: chunked\r\n"}) {
            for (String method : new String[] {"GET", "POST"}) {
                RawPeer peer = server.connect();
                peer.write(request(method, "/", header) + request("GET", "/large"));
                String head = peer.readHead();
                assertThat(RawHandshake.status(head)).isEqualTo(method.equals("GET") ? 200 : 405);
                assertThat(RawHandshake.header(head, "Connection")).isEqualTo("close");
                peer.read(Integer.parseInt(String.valueOf(RawHandshake.header(head, "Content-Length"))));
                peer.expectEof();
            }
        }
    }

    @Test
    void aRequestWithoutHostIs400() {
        RawPeer peer = server.connect();
        peer.write("GET / HTTP/1.1\r\n\r\n");
        expectWithAnyBody(peer, 400);
        peer.expectEof();
    }

    @Test
    void anIdleConnectionIsClosedInTheEnd() {
        RawPeer peer = server.connect();
        peer.write(request("GET", "/"));
        expect(peer, 200, PAGE);
        peer.expectEof();
    }
}
