package dev.bowline.verification.interop;

import dev.bowline.codec.CloseEvent;
import dev.bowline.testkit.Recorder;
import dev.bowline.websocket.Endpoint;
import dev.bowline.websocket.UpgradeDecision;
import dev.bowline.websocket.WebSocket;
import dev.bowline.websocket.WebSocketListener;
import dev.bowline.websocket.WebSocketServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Objects;

/** Another implementation as the client, Bowline as the server. */
final class ClientPairing implements Pairing {
    /** Connects the other implementation. */
    interface Opener {
        End open(URI uri, String... subprotocols);
    }

    private final WebSocketServer server;
    private final Recorder<OurEnd> opened = new Recorder<>();
    private final Opener opener;
    private final String refusal;
    private final Runnable closePeer;

    /** @param closePeer ends the other implementation, when the pairing is over */
    ClientPairing(Opener opener, String refusal, Runnable closePeer) {
        this.opener = opener;
        this.refusal = refusal;
        this.closePeer = closePeer;
        try {
            server = WebSocketServer.builder()
                    .endpoint(Endpoint.of("/", new OneEndEach()).subprotocols("b", "a"))
                    .endpoint(Endpoint.of("/refuse", new OneEndEach())
                            .onUpgrade(request -> UpgradeDecision.refuse(401, "not you")))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A client in a script. */
    static ClientPairing node(String kind, String refusal) {
        NodePeer peer = new NodePeer(kind);
        return new ClientPairing((uri, subprotocols) -> peer.newLink().open(uri, subprotocols), refusal, peer::close);
    }

    private URI uri(String path) {
        return URI.create("ws://127.0.0.1:" + server.port() + path);
    }

    @Override
    public Ends connect(String... subprotocols) {
        End peer = opener.open(uri("/"), subprotocols);
        return new Ends(opened.take(), peer);
    }

    @Override
    public Recorder<String> refused() {
        return opener.open(uri("/refuse")).events();
    }

    @Override
    public String refusal() {
        return refusal;
    }

    @Override
    public void close() {
        closePeer.run();
        server.close();
        opened.assertEmpty();
    }

    /** The one listener of the server: an end for each connection. */
    private final class OneEndEach implements WebSocketListener {
        private static OurEnd end(WebSocket socket) {
            return (OurEnd) Objects.requireNonNull(socket.attachment());
        }

        @Override
        public void onOpen(WebSocket socket) {
            OurEnd end = new OurEnd();
            socket.attach(end);
            end.onOpen(socket);
            opened.record(end);
        }

        @Override
        public void onTextBytes(WebSocket socket, ByteBuffer utf8) {
            end(socket).onTextBytes(socket, utf8);
        }

        @Override
        public void onBinary(WebSocket socket, ByteBuffer data) {
            end(socket).onBinary(socket, data);
        }

        @Override
        public void onPing(WebSocket socket, ByteBuffer payload) {
            end(socket).onPing(socket, payload);
        }

        @Override
        public void onPong(WebSocket socket, ByteBuffer payload) {
            end(socket).onPong(socket, payload);
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            end(socket).onError(socket, error);
        }

        @Override
        public void onClose(WebSocket socket, CloseEvent event) {
            end(socket).onClose(socket, event);
        }
    }
}
