package dev.bowline.verification.interop;

import dev.bowline.testkit.Recorder;
import dev.bowline.websocket.ClientOptions;
import dev.bowline.websocket.WebSocketClient;
import dev.bowline.websocket.WebSocketHandshakeException;
import java.net.URI;
import java.util.concurrent.CompletionException;

/** Another implementation as the server; Bowline as the client. */
final class ServerPairing implements Pairing {
    private final Peer peer;
    private final Listening server;
    private final WebSocketClient client = WebSocketClient.builder().build();

    ServerPairing(Peer peer) {
        this.peer = peer;
        this.server = peer.listen(Settings.PLAIN);
    }

    private URI uri(String pathAndQuery) {
        return URI.create("ws://127.0.0.1:" + server.port() + pathAndQuery);
    }

    @Override
    public Ends connect(String... subprotocols) {
        OurEnd ours = new OurEnd();
        Listening.Awaited awaited = server.await();
        ClientOptions options =
                ClientOptions.builder().subprotocols(subprotocols).build();
        client.connect(uri("/" + awaited.query()), ours, options)
                .toCompletableFuture()
                .join();
        return new Ends(ours, awaited.end().get());
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
        server.close();
        peer.close();
    }
}
