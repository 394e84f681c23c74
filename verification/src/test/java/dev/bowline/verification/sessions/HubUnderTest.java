package dev.bowline.verification.sessions;

import dev.bowline.realtime.Hub;
import dev.bowline.realtime.HubOptions;
import dev.bowline.realtime.RefusedException;
import dev.bowline.realtime.StreamSender;
import dev.bowline.realtime.TopicPolicy;
import dev.bowline.session.memory.MemoryEngine;
import dev.bowline.session.server.Identity;
import dev.bowline.session.wire.Payload;
import dev.bowline.testkit.Recorder;
import dev.bowline.verification.witness.RenamingEngine;
import dev.bowline.websocket.Endpoint;
import dev.bowline.websocket.ServerOptions;
import dev.bowline.websocket.WebSocketListener;
import dev.bowline.websocket.WebSocketServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Our server, with an application for the clauses to speak with. A token is {@code user} or {@code user:ms}, which is how long it holds;
 * {@value #ENDED} is none.
 */
final class HubUnderTest implements AutoCloseable {
    /** A token that does not do. */
    static final String ENDED = "ended";

    /** How many of the last messages the topics {@code short.>} keep. */
    static final int SHORT_LOG = 3;

    /** What came by {@code send # note}, and which streams {@code stream # endless} were given up. */
    final Recorder<String> told = new Recorder<>();

    /** The answer to all requests {@code late}. */
    final CompletableFuture<Payload> late = new CompletableFuture<>();

    private final RenamingEngine engine = new RenamingEngine(
            new MemoryEngine(() -> UUID.randomUUID().toString().replace("-", "")));
    private final Hub hub;
    private final WebSocketServer server;

    HubUnderTest(HubOptions options) {
        hub = Hub.builder()
                .options(options)
                .engine(engine)
                .topic(TopicPolicy.of("open.>").anyonePublishes())
                .topic(TopicPolicy.of("short.>")
                        .retain(SHORT_LOG, 1 << 20, Duration.ofDays(1))
                        .anyonePublishes())
                .topic(TopicPolicy.of("fleeting.>").ephemeral().anyonePublishes())
                .topic(TopicPolicy.of("hidden.>")
                        .subscribers((session, topic) -> false)
                        .anyonePublishes())
                .topic(TopicPolicy.of("unseen.>").observers((session, topic) -> false))
                .authenticator(HubUnderTest::authenticate)
                .authorizer((session, action, name) -> CompletableFuture.completedFuture(!name.equals("forbidden")))
                .build();
        hub.onRequest("echo", request -> CompletableFuture.completedFuture(request.payload()))
                .onRequest("late", request -> late)
                .onRequest("forbidden", request -> late)
                .onRequest("sold-out", request -> {
                    throw new RefusedException("orders.sold-out", "no more of it");
                })
                .onStream("count", (request, stream) -> count(stream, 1, Integer.parseInt(request.text())))
                .onStream("endless", (request, stream) -> {
                    stream.onCancel(() -> told.record("given up"));
                    count(stream, 1, Integer.MAX_VALUE);
                })
                .onMessage("note", message -> told.record(message.text()));
        try {
            server = WebSocketServer.builder()
                    .options(ServerOptions.builder().eventLoops(2).build())
                    .endpoint(hub.serve(Endpoint.of("/", new WebSocketListener() {})))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static CompletionStage<Identity> authenticate(@Nullable String token) {
        if (token == null) {
            return CompletableFuture.completedFuture(Identity.ANONYMOUS);
        }
        if (token.equals(ENDED)) {
            return CompletableFuture.failedFuture(new RefusedException("unauthorized", "this token has ended"));
        }
        int colon = token.indexOf(':');
        return CompletableFuture.completedFuture(
                colon < 0
                        ? new Identity(token, Long.MAX_VALUE)
                        : new Identity(token.substring(0, colon), Long.parseLong(token.substring(colon + 1))));
    }

    private static void count(StreamSender stream, int from, int to) {
        CompletionStage<Void> roomForAnother = stream.send(Integer.toString(from));
        if (from == to) {
            stream.finish(); // which needs no credit
            return;
        }
        roomForAnother.whenComplete((room, over) -> {
            if (over == null) {
                count(stream, from + 1, to);
            }
        });
    }

    Hub hub() {
        return hub;
    }

    /** Its logs go on in other epochs, with all that they have. */
    void renameLogs() {
        engine.rename();
    }

    int port() {
        return server.port();
    }

    URI uri() {
        return URI.create("ws://127.0.0.1:" + server.port() + "/");
    }

    /** Waits for the hub. */
    static <T> T get(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(SpecClient.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for the hub", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("the hub failed: " + e, e);
        }
    }

    @Override
    public void close() {
        hub.close();
        server.close();
    }
}
