package dev.bowline.websocket;

import dev.bowline.testkit.Await;
import dev.bowline.testkit.RawFrame;
import dev.bowline.testkit.RawPeer;
import dev.bowline.testkit.Recorder;
import dev.bowline.testkit.TestCertificates;
import dev.bowline.websocket.tls.ServerTls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A server for one test, the events of its listener, and the peers that talk to it. After the test peers and server are
 * ended, and every event must have been consumed.
 */
final class TestServer implements AfterEachCallback {
    private static final int MASK = 0x5A17C3E9;

    final Recorder<String> events = new Recorder<>();
    private final List<RawPeer> peers = new ArrayList<>();
    private final boolean secure;
    private @Nullable WebSocketServer server;
    private @Nullable TlsTunnel tunnel;

    TestServer() {
        this(false);
    }

    private TestServer(boolean secure) {
        this.secure = secure;
    }

    /** One that speaks TLS; the peers reach it through a {@link TlsTunnel}. */
    static TestServer overTls() {
        return new TestServer(true);
    }

    /** Starts with one endpoint for every path. */
    WebSocketServer start(WebSocketListener listener) {
        return start(listener, ServerOptions.DEFAULT);
    }

    /** Starts with one endpoint for every path, and options for its connections. */
    WebSocketServer start(WebSocketListener listener, ConnectionOptions options) {
        return start(listener, ServerOptions.builder().connection(options).build());
    }

    /** Starts with one endpoint for every path. */
    WebSocketServer start(WebSocketListener listener, ServerOptions options) {
        return start(builder -> builder.options(options).endpoint("/*", listener));
    }

    /** Starts as the test says. */
    WebSocketServer start(Consumer<WebSocketServer.Builder> customise) {
        try {
            WebSocketServer.Builder builder = WebSocketServer.builder();
            customise.accept(builder);
            server = builder.start();
            if (secure) {
                TestCertificates authority = TestCertificates.shared();
                server.secure(ServerTls.of(authority.issue("localhost").context()));
                tunnel = new TlsTunnel(server.port(), authority.context());
            }
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    WebSocketServer server() {
        if (server == null) {
            throw new IllegalStateException("not started");
        }
        return server;
    }

    /** Where peers connect to. */
    int port() {
        return tunnel == null ? server().port() : tunnel.port();
    }

    /** Takes the events up to the one that says how the connection closed, and returns all of them. */
    List<String> eventsToClose() {
        List<String> taken = new ArrayList<>();
        do {
            taken.add(events.take());
        } while (!taken.get(taken.size() - 1).startsWith("close "));
        return taken;
    }

    /** A TCP connection that says nothing yet. */
    RawPeer connect() {
        return keep(RawPeer.connect(port()));
    }

    /** Ends the peer, too, after the test. */
    RawPeer keep(RawPeer peer) {
        peers.add(peer);
        return peer;
    }

    /** An open WebSocket. */
    RawPeer open() {
        return open("/");
    }

    /** An open WebSocket. */
    RawPeer open(String target, String... headerLines) {
        RawPeer peer = connect();
        peer.handshakeAsClient(target, headerLines);
        return peer;
    }

    /** The frame as a client must send it. */
    static RawFrame masked(RawFrame frame) {
        return frame.withMask(MASK);
    }

    static RawFrame text(String text) {
        return masked(RawFrame.text(text));
    }

    /** Sends a text and waits for it to come back: the connection lives, and what was sent before has been read. */
    static void echo(RawPeer peer, String text) {
        peer.send(text(text));
        peer.expectFrame(RawFrame.text(text));
    }

    /** Begins the closing handshake with 1000, and takes the server through its end. */
    static void closeCleanly(RawPeer peer) {
        peer.send(masked(RawFrame.close(1000, "")));
        peer.expectFrame(RawFrame.close(1000, ""));
        peer.expectEofAndEnd();
    }

    /** The only connection of the server. */
    WebSocket onlySocket() {
        Await.untilEquals("one connection", () -> server().connections().size(), 1);
        return server().connections().iterator().next();
    }

    void awaitConnections(int count) {
        Await.untilEquals("open connections", () -> server().connections().size(), count);
    }

    @Override
    public void afterEach(ExtensionContext context) throws InterruptedException {
        if (server != null) {
            server.stop(Duration.ZERO);
        }
        peers.forEach(RawPeer::close);
        if (tunnel != null) {
            tunnel.close();
        }
        events.afterEach(context);
    }
}
