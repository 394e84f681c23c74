package dev.bowline.verification.hub;

import dev.bowline.realtime.Hub;
import dev.bowline.realtime.StreamSender;
import dev.bowline.realtime.TopicPolicy;
import dev.bowline.session.engine.Engine;
import dev.bowline.session.server.Identity;
import dev.bowline.session.wire.Payload;
import dev.bowline.websocket.ServerOptions;
import dev.bowline.websocket.WebSocketServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.concurrent.CompletableFuture;

/**
 * A server with a hub, as one of several programs would have it. A client's token is its name. Requests: {@code where} is answered with
 * the hub's name, {@code later} when the test says so; the stream {@code count} has as many parts as it is asked for.
 */
final class HubNode implements AutoCloseable {
    final String name;
    final Hub hub;
    final WebSocketServer server;

    /** Completed when a request {@code later} is here. */
    final CompletableFuture<Void> asked = new CompletableFuture<>();

    /** The answer to requests {@code later}. */
    final CompletableFuture<Payload> later = new CompletableFuture<>();

    HubNode(String name, Engine engine) {
        this.name = name;
        hub = Hub.builder()
                .engine(engine)
                .topic(TopicPolicy.of("open.>").anyonePublishes())
                .authenticator(token ->
                        CompletableFuture.completedFuture(token == null ? Identity.ANONYMOUS : Identity.of(token)))
                .build();
        hub.onRequest("where", request -> CompletableFuture.completedFuture(Payload.text(name)))
                .onRequest("later", request -> {
                    asked.complete(null);
                    return later;
                })
                .onStream("count", (request, stream) -> count(stream, 1, Integer.parseInt(request.text())));
        try {
            server = WebSocketServer.builder()
                    .options(ServerOptions.builder().eventLoops(2).build())
                    .endpoint(hub.endpoint("/"))
                    .start();
        } catch (IOException e) {
            hub.close();
            throw new UncheckedIOException(e);
        }
    }

    private static void count(StreamSender stream, int from, int to) {
        if (from > to) {
            stream.finish();
        } else {
            stream.send(Integer.toString(from)).thenRun(() -> count(stream, from + 1, to));
        }
    }

    URI uri() {
        return URI.create("ws://127.0.0.1:" + server.port());
    }

    @Override
    public void close() {
        hub.close();
        server.close();
    }
}
