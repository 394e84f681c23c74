package dev.bowline.verification.simulation;

import dev.bowline.realtime.Hub;
import dev.bowline.realtime.HubOptions;
import dev.bowline.realtime.RefusedException;
import dev.bowline.realtime.Request;
import dev.bowline.realtime.StreamSender;
import dev.bowline.realtime.TopicPolicy;
import dev.bowline.session.memory.MemoryEngine;
import dev.bowline.session.server.Identity;
import dev.bowline.session.server.SessionChange;
import dev.bowline.session.wire.Payload;
import dev.bowline.verification.witness.RenamingEngine;
import dev.bowline.verification.witness.WitnessedEngine;
import dev.bowline.websocket.Endpoint;
import dev.bowline.websocket.ServerOptions;
import dev.bowline.websocket.WebSocketListener;
import dev.bowline.websocket.WebSocketServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A server with an application, which tells what becomes of everything in lines: what is in which log, what its handlers were given, which
 * sessions ended. A payload is known by its first word. A token is a user.
 */
final class SimulatedHub implements AutoCloseable {
    /** How long sessions wait, and connections may be silent: short, so that much happens in little time. */
    private static final HubOptions OPTIONS = HubOptions.builder()
            .resumeWindow(Duration.ofSeconds(4))
            .heartbeat(Duration.ofMillis(1_000), Duration.ofMillis(1_000))
            .helloTimeout(Duration.ofSeconds(2))
            .handlerTimeout(Duration.ofMillis(1_500))
            .slowTimeout(Duration.ofMillis(1_500))
            .maxMessageBytes(16_384)
            .maxPending(16, 4_000)
            .build();

    private static final int MOST_PARTS = 12;

    private final Consumer<String> teller;
    private final AtomicBoolean open = new AtomicBoolean(true); // as it closes, its sessions end untold
    private final RenamingEngine engine = new RenamingEngine(
            new MemoryEngine(() -> UUID.randomUUID().toString().replace("-", "")));
    private final WitnessedEngine witnessed = new WitnessedEngine(
            engine,
            (topic, at, payload) ->
                    tell("appended", topic, RenamingEngine.origin(at.epoch()), at.offset(), idOf(payload)));
    private final Hub hub;
    private final WebSocketServer server;

    /** @param port 0 for any that is free */
    SimulatedHub(int port, Consumer<String> teller) {
        this.teller = teller;
        hub = Hub.builder()
                .options(OPTIONS)
                .engine(witnessed)
                .topic(TopicPolicy.of("open.>")
                        .retain(100_000, 1L << 26, Duration.ofDays(1))
                        .anyonePublishes())
                .topic(TopicPolicy.of("short.>")
                        .retain(10, 1 << 20, Duration.ofDays(1))
                        .anyonePublishes())
                .topic(TopicPolicy.of("drop.>").dropOldest(5).anyonePublishes())
                .topic(TopicPolicy.of("latest.>").conflate(SimulatedHub::keyOf).anyonePublishes())
                .topic(TopicPolicy.of("typing.>").ephemeral().anyonePublishes())
                .topic(TopicPolicy.of("secret.>").subscribers((session, topic) -> false))
                .authenticator(token -> CompletableFuture.completedFuture(
                        token == null ? Identity.ANONYMOUS : new Identity(token, Long.MAX_VALUE)))
                .authorizer((session, action, name) -> CompletableFuture.completedFuture(!name.equals("forbidden")))
                .build();
        hub.onRequest("now", request -> CompletableFuture.completedFuture(answer(request)))
                .onRequest("late", request -> {
                    Payload answer = answer(request);
                    return new CompletableFuture<Payload>()
                            .completeOnTimeout(answer, delayOf(request), TimeUnit.MILLISECONDS);
                })
                .onRequest("never", request -> {
                    answer(request);
                    return new CompletableFuture<>();
                })
                .onRequest("sold-out", request -> {
                    answer(request);
                    throw new RefusedException("orders.sold-out", "no more of it");
                })
                .onRequest("forbidden", request -> CompletableFuture.completedFuture(answer(request)))
                .onStream("count", (request, stream) -> {
                    answer(request);
                    count(stream, request, 0);
                })
                .onMessage("note", this::handled)
                .onMessage("forbidden", this::handled)
                .onSession((session, change) -> {
                    if (change == SessionChange.ENDED && open.get()) {
                        tell("over", session.id());
                    }
                });
        try {
            server = WebSocketServer.builder()
                    .port(port)
                    .options(ServerOptions.builder().eventLoops(2).build())
                    .endpoint(hub.serve(Endpoint.of("/", new WebSocketListener() {})))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return server.port();
    }

    private void tell(Object... words) {
        StringBuilder line = new StringBuilder();
        for (Object word : words) {
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        teller.accept(line.toString());
    }

    private static String idOf(Payload payload) {
        String text = payload.asText();
        int end = text.indexOf(' ');
        return end < 0 ? text : text.substring(0, end);
    }

    private static @Nullable String keyOf(Payload payload) {
        String id = idOf(payload);
        return id.substring(id.length() - 1);
    }

    // ---- The application ----

    private void handled(Request request) {
        tell("handled", idOf(request.payload()), request.session().id(), request.name());
    }

    private Payload answer(Request request) {
        handled(request);
        return Payload.text("re " + idOf(request.payload()));
    }

    private static long delayOf(Request request) {
        return 1L + Math.floorMod(idOf(request.payload()).hashCode(), 300);
    }

    /** The parts are numbered; how many there are is the number at the end of the id. */
    private static void count(StreamSender stream, Request request, int part) {
        String id = idOf(request.payload());
        int parts = Integer.parseInt(id.substring(id.lastIndexOf('.') + 1)) % MOST_PARTS;
        if (part == parts) {
            stream.finish();
            return;
        }
        CompletionStage<Void> roomForAnother = stream.send(id + " " + part);
        roomForAnother.whenComplete((room, over) -> {
            if (over == null) {
                count(stream, request, part + 1);
            }
        });
    }

    // ---- What it does by itself ----

    /** Says a line behind all of what anybody may know by now. */
    void mark(String line) {
        witnessed.heard(() -> teller.accept(line));
    }

    /** Its logs go on in other epochs, with all that they have. */
    void renameLogs() {
        engine.rename();
    }

    void publish(String topic, String text) {
        hub.topic(topic).publish(text);
    }

    void mail(String user, String text) {
        hub.user(user).send(text);
    }

    void say(String session, String text) {
        hub.session(session).send("note", text);
    }

    @Override
    public void close() {
        open.set(false);
        hub.close();
        server.close();
    }
}
