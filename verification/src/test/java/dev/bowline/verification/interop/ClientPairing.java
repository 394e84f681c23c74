package dev.bowline.verification.interop;

import dev.bowline.testkit.Recorder;
import dev.bowline.websocket.ServerOptions;
import java.net.URI;

/** Another implementation as the client, Bowline as the server. */
final class ClientPairing implements Pairing {
    private final OurServer server = new OurServer(ServerOptions.DEFAULT);
    private final Peer peer;
    private final String refusal;

    ClientPairing(Peer peer, String refusal) {
        this.peer = peer;
        this.refusal = refusal;
    }

    private End open(String path, String... subprotocols) {
        URI uri = URI.create("ws://127.0.0.1:" + server.port() + path);
        return peer.connect(uri, Settings.PLAIN, subprotocols);
    }

    @Override
    public Ends connect(String... subprotocols) {
        End end = open("/", subprotocols);
        return new Ends(server.take(), end);
    }

    @Override
    public Recorder<String> refused() {
        return open("/refuse").events();
    }

    @Override
    public String refusal() {
        return refusal;
    }

    @Override
    public void close() {
        peer.close();
        server.close();
        server.assertAllTaken();
    }
}
