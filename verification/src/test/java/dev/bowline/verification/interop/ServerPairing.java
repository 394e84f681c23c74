package dev.bowline.verification.interop;

import dev.bowline.testkit.Recorder;
import dev.bowline.websocket.ClientOptions;
import dev.bowline.websocket.WebSocketClient;
import dev.bowline.websocket.WebSocketHandshakeException;
import java.net.URI;
import java.util.concurrent.CompletionException;

/** Another implementation as the server, in a script; Bowline as the client. */
final class ServerPairing implements Pairing {
    private final NodePeer peer;
    private final int port;
    private final WebSocketClient client = WebSocketClient.builder().build();

    ServerPairing(String kind) {
        this.peer = new NodePeer(kind);
        this.port = peer.listeningPort();
    }

    private URI uri(String pathAndQuery) {
        return URI.create("ws://127.0.0.1:" + port + pathAndQuery);
    }

    @Override
    public Ends connect(String... subprotocols) {
        OurEnd ours = new OurEnd();
        NodePeer.Link link = peer.newLink();
        ClientOptions options =
                ClientOptions.builder().subprotocols(subprotocols).build();
        client.connect(uri("/" + link.query()), ours, options)
                .toCompletableFuture()
                .join();
        return new Ends(ours, link);
    }

    @Override
    public Recorder<String> refused() {
        OurEnd ours = new OurEnd();
        try {
            client.connect(uri("/refuse"), ours).toCompletableFuture().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof WebSocketHandshakeException refused) {
                ours.events().record("refused " + refused.status());
            }
        }
        return ours.events();
    }

    @Override
    public String refusal() {
        return "refused 401";
    }

    @Override
    public void close() {
        client.close();
        peer.close();
    }
}
