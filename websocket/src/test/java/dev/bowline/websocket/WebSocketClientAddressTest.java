package dev.bowline.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.testkit.RawFrame;
import dev.bowline.testkit.RawHandshake;
import dev.bowline.testkit.RawPeer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Names, addresses, proxies. */
class WebSocketClientAddressTest extends ClientTestBase {
    @Test
    void aRefusedConnectionSaysWhere() throws IOException {
        int port = freePort();
        assertThat(failure(client.connect(URI.create("ws://127.0.0.1:" + port), new RecordingListener(events))))
                .isInstanceOf(ConnectException.class)
                .hasMessage("can't connect to ws://127.0.0.1:" + port + ": 127.0.0.1:" + port + ": Connection refused");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Test
    void anUnknownHostSaysWhich() {
        assertThat(failure(client.connect(URI.create("ws://nowhere.invalid/"), new RecordingListener(events))))
                .isInstanceOf(UnknownHostException.class)
                .hasMessage("can't connect to ws://nowhere.invalid/: unknown host nowhere.invalid");
    }

    private WebSocketClient resolving(String... addresses) throws IOException {
        List<InetAddress> list = new ArrayList<>();
        for (String address : addresses) {
            list.add(InetAddress.getByName(address));
        }
        return WebSocketClient.builder()
                .eventLoops(1)
                .resolver(host -> CompletableFuture.completedStage(list))
                .build();
    }

    @Test
    void takesTheNextAddressWhenOneRefuses() throws IOException {
        URI uri = URI.create("ws://many.example:" + server.port() + "/");
        try (WebSocketClient many = resolving("127.0.0.2", "127.0.0.3", "127.0.0.1")) {
            CompletionStage<WebSocket> opening = many.connect(uri, new WebSocketListener() {});
            try (RawPeer peer = server.accept()) {
                String head = peer.handshakeAsServer();
                assertThat(RawHandshake.header(head, "Host")).isEqualTo("many.example:" + server.port());
                assertThat(get(opening).remoteAddress().getAddress().getHostAddress())
                        .isEqualTo("127.0.0.1");
            }
        }
    }

    /** Takes connections until its backlog is full, so that the operating system answers the next one with nothing. */
    private static List<Socket> fill(ServerSocket listener) throws IOException {
        List<Socket> filling = new ArrayList<>();
        try {
            for (int i = 0; i < 8; i++) {
                Socket socket = new Socket();
                filling.add(socket);
                socket.connect(listener.getLocalSocketAddress(), 100);
            }
            throw new AssertionError("a backlog of 1 took 8 connections");
        } catch (SocketTimeoutException full) {
            return filling;
        }
    }

    @Test
    void takesTheNextAddressWhenOneIsSilent() throws IOException {
        URI uri = URI.create("ws://many.example:" + server.port() + "/");
        try (ServerSocket silent = new ServerSocket(server.port(), 1, InetAddress.getByName("127.0.0.2"));
                WebSocketClient many = resolving("127.0.0.2", "127.0.0.1")) {
            List<Socket> filling = fill(silent);
            long before = System.nanoTime();
            CompletionStage<WebSocket> opening = many.connect(uri, new WebSocketListener() {});
            try (RawPeer peer = server.accept()) {
                assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofMillis(249));
                peer.handshakeAsServer();
                assertThat(get(opening).readyState()).isEqualTo(ReadyState.OPEN);
            }
            for (Socket socket : filling) {
                socket.close();
            }
        }
    }

    @Test
    void aSilentAddressTimesOut() throws IOException {
        int port = server.port();
        URI uri = URI.create("ws://many.example:" + port + "/");
        try (ServerSocket silent = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.2"));
                WebSocketClient many = resolving("127.0.0.3", "127.0.0.2")) {
            List<Socket> filling = fill(silent);
            IOException failure = failure(many.connect(
                    uri,
                    new WebSocketListener() {},
                    ClientOptions.builder().connectTimeout(SHORT).build()));
            assertThat(failure)
                    .isInstanceOf(SocketTimeoutException.class)
                    .hasMessage("can't connect to ws://many.example:" + port + "/: no answer from 127.0.0.2:" + port
                            + " within 150 ms");
            assertThat(failure.getSuppressed()).hasSize(1);
            for (Socket socket : filling) {
                socket.close();
            }
        }
    }

    @Test
    void namesEveryAddressThatFailed() throws IOException {
        int port = freePort();
        try (WebSocketClient many = resolving("127.0.0.1", "127.0.0.2", "127.0.0.3")) {
            IOException failure =
                    failure(many.connect(URI.create("ws://many.example:" + port), new WebSocketListener() {}));
            assertThat(failure)
                    .hasMessageContaining("none of 3 addresses: 127.0.0.1:" + port + ": Connection refused; ");
            assertThat(failure.getSuppressed()).hasSize(3);
        }
    }

    @Test
    void aNameThatIsNotFoundInTimeTimesOut() {
        try (WebSocketClient slow = WebSocketClient.builder()
                .eventLoops(1)
                .resolver(host -> new CompletableFuture<>())
                .options(ClientOptions.builder().connectTimeout(SHORT).build())
                .build()) {
            assertThat(failure(slow.connect(URI.create("ws://slow.example/"), new WebSocketListener() {})))
                    .isInstanceOf(SocketTimeoutException.class)
                    .hasMessageContaining("the name slow.example was not found within 150 ms");
        }
    }

    @Test
    void goesThroughAProxy() throws IOException {
        ClientOptions options = ClientOptions.builder()
                .proxy(HttpProxy.of("127.0.0.1", server.port()).withBasicAuthorization("user", "pass"))
                .build();
        CompletionStage<WebSocket> opening =
                client.connect(URI.create("ws://behind.example/x"), new RecordingListener(events), options);
        try (RawPeer proxy = server.accept()) {
            String connect = proxy.readHead();
            assertThat(connect).startsWith("CONNECT behind.example:80 HTTP/1.1\r\n");
            assertThat(RawHandshake.header(connect, "Host")).isEqualTo("behind.example:80");
            assertThat(RawHandshake.header(connect, "Proxy-Authorization")).isEqualTo("Basic dXNlcjpwYXNz");
            proxy.write("HTTP/1.0 200 Connection established\r\nContent-Length: 99\r\n\r\n");
            String request = proxy.handshakeAsServer();
            assertThat(request).startsWith("GET /x HTTP/1.1\r\n").doesNotContain("Proxy-Authorization");
            assertThat(get(opening).remoteAddress().getPort()).isEqualTo(server.port());
            events.expect("open");
            proxy.send(RawFrame.text("through"));
            events.expect("text through");
        }
        events.expect("close 1006 unclean");
    }

    @Test
    void tellsWhatTheProxyAnswered() {
        HttpProxy proxy = HttpProxy.of("127.0.0.1", server.port());
        CompletionStage<WebSocket> opening = client.connect(
                URI.create("ws://behind.example/x"),
                new RecordingListener(events),
                ClientOptions.builder().proxy(proxy).build());
        try (RawPeer peer = server.accept()) {
            peer.readHead();
            peer.write("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n");
            IOException failure = failure(opening);
            assertThat(failure)
                    .isInstanceOfSatisfying(WebSocketHandshakeException.class, e -> assertThat(e.status())
                            .isEqualTo(407))
                    .hasMessage("can't connect to ws://behind.example/x through proxy 127.0.0.1:" + server.port()
                            + ": the proxy answered 407 Proxy Authentication Required");
        }
    }
}
