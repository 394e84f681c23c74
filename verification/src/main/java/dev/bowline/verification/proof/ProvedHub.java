package dev.bowline.verification.proof;

import dev.bowline.realtime.Hub;
import dev.bowline.realtime.HubOptions;
import dev.bowline.realtime.StreamSender;
import dev.bowline.realtime.TopicPolicy;
import dev.bowline.session.memory.MemoryEngine;
import dev.bowline.session.server.SessionChange;
import dev.bowline.session.server.SessionInfo;
import dev.bowline.session.wire.Cursor;
import dev.bowline.session.wire.Payload;
import dev.bowline.verification.witness.WitnessedEngine;
import dev.bowline.websocket.Endpoint;
import dev.bowline.websocket.ServerOptions;
import dev.bowline.websocket.WebSocketListener;
import dev.bowline.websocket.WebSocketServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A hub of which everything is said that concerns delivery, one line each, as the application and the engine see it:
 *
 * <pre>
 * logged TOPIC EPOCH OFFSET LABEL SIZE   a message stands in a topic's log
 * handled VERB LABEL SIZE                a handler was called
 * told SESSION NUMBER                    the application has said a direct message to a session, its first, second …
 * got SESSION NUMBER                     the hub says that the client has it
 * session ID CHANGE
 * </pre>
 *
 * <p>A payload is a label and, after a space, whatever makes it longer. The hub speaks by itself too, {@value #PULSES_A_SECOND} times a second: a direct
 * message to each session, and one to the topic {@value #OWN_TOPIC}.
 */
final class ProvedHub implements AutoCloseable {
    private static final String OWN_TOPIC = "proof.hub";
    private static final int PULSES_A_SECOND = 20;
    private static final Duration LONG = Duration.ofHours(1);

    private final Consumer<String> say;
    private final Hub hub;
    private final WebSocketServer server;

    /** All that the application says by itself is said by one thread, so that its order is known. */
    private final ScheduledExecutorService speaker =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "proof-speaker"));

    /** How many direct messages each session was told. Changed by the speaker alone. */
    private final Map<String, Integer> told = new ConcurrentHashMap<>();

    private int pulses; // speaker only

    /** @param say takes lines, from any thread */
    ProvedHub(Consumer<String> say) throws IOException {
        this.say = say;
        hub = Hub.builder()
                .options(HubOptions.builder()
                        // A dead line is to be noticed while the proof lasts; a session is not to expire as a machine
                        // is slow.
                        .heartbeat(Duration.ofSeconds(1), Duration.ofSeconds(1))
                        .resumeWindow(Duration.ofMinutes(5))
                        .build())
                .topic(TopicPolicy.of("proof.>")
                        .retain(1_000_000, 200 << 20, LONG)
                        .anyonePublishes())
                .engine(new WitnessedEngine(
                        new MemoryEngine(() -> UUID.randomUUID().toString()), this::appended))
                .build();
        hub.onMessage("note", message -> handled("send", message.payload()))
                .onMessage("answer", message -> {
                    handled("send", message.payload());
                    speaker.execute(() -> tell(message.session().id()));
                })
                .onRequest("echo", request -> {
                    handled("req", request.payload());
                    return CompletableFuture.completedFuture(request.payload());
                })
                .onStream("count", (request, stream) -> {
                    handled("stream", request.payload());
                    count(stream, 1, 40);
                })
                .onSession(this::changed);
        server = WebSocketServer.builder()
                .options(ServerOptions.builder().eventLoops(2).build())
                // The page comes from the test, which may have spoilt a module.
                .endpoint(hub.serve(Endpoint.of("/", new WebSocketListener() {}).anyOrigin()))
                .start();
    }

    int port() {
        return server.port();
    }

    /** Speaks by itself from now on. */
    void speak() {
        long period = TimeUnit.SECONDS.toMicros(1) / PULSES_A_SECOND;
        var unused = speaker.scheduleAtFixedRate(this::pulse, 0, period, TimeUnit.MICROSECONDS);
    }

    /** Says nothing more by itself, and then {@code silent}. */
    void fallSilent() {
        speaker.execute(() -> {
            speaker.shutdown();
            say.accept("silent");
        });
    }

    private void pulse() {
        hub.topic(OWN_TOPIC).publish("hub." + ++pulses);
        told.keySet().forEach(this::tell);
    }

    private void tell(String session) {
        Integer number = told.computeIfPresent(session, (id, count) -> count + 1);
        if (number == null) {
            return; // it has ended
        }
        say.accept("told " + session + " " + number);
        hub.session(session)
                .send("tick", Integer.toString(number))
                .received()
                .thenRun(() -> say.accept("got " + session + " " + number));
    }

    private void changed(SessionInfo session, SessionChange change) {
        say.accept("session " + session.id() + " " + change);
        if (change == SessionChange.STARTED) {
            told.put(session.id(), 0);
        } else if (change == SessionChange.ENDED) {
            told.remove(session.id());
        }
    }

    private void appended(String topic, Cursor place, Payload payload) {
        say.accept("logged " + topic + " " + place.epoch() + " " + place.offset() + " " + labelAndSize(payload));
    }

    private void handled(String verb, Payload payload) {
        say.accept("handled " + verb + " " + labelAndSize(payload));
    }

    private static String labelAndSize(Payload payload) {
        String text = StandardCharsets.UTF_8.decode(payload.bytes()).toString();
        int space = text.indexOf(' ');
        return (space < 0 ? text : text.substring(0, space)) + " " + payload.size();
    }

    private static void count(StreamSender stream, int from, int to) {
        if (from > to) {
            stream.finish();
            return;
        }
        stream.send(Integer.toString(from)).thenRun(() -> count(stream, from + 1, to));
    }

    @Override
    public void close() {
        speaker.shutdownNow();
        hub.close();
        server.close();
    }
}
