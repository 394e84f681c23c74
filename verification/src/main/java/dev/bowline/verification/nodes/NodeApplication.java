package dev.bowline.verification.nodes;

import dev.bowline.realtime.Hub;
import dev.bowline.realtime.HubOptions;
import dev.bowline.realtime.RefusedException;
import dev.bowline.realtime.Request;
import dev.bowline.realtime.StreamSender;
import dev.bowline.realtime.TopicPolicy;
import dev.bowline.session.engine.Engine;
import dev.bowline.session.server.Identity;
import dev.bowline.session.wire.Payload;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * The application of each node. All that its handlers were called for is said, one line each: {@code did LABEL}.
 *
 * <table>
 * <caption>What clients may ask</caption>
 * <tr><td>{@code work LABEL}</td><td>is answered by the label</td></tr>
 * <tr><td>{@code relay LABEL SESSION}</td><td>a direct message to a session, on whatever node; answered when it is stored</td></tr>
 * <tr><td>{@code mail LABEL USER}</td><td>a message into a user's mailbox; answered when it is stored</td></tr>
 * <tr><td>{@code count LABEL}</td><td>a stream of {@value #PARTS} parts: {@code LABEL 1}, {@code LABEL 2} …</td></tr>
 * <tr><td>{@code note LABEL}</td><td>a message to the application</td></tr>
 * </table>
 *
 * <p>Users are who they say they are: the token is the name. Logs keep everything.
 */
final class NodeApplication {
    static final int PARTS = 12;

    /** The name of direct messages. */
    static final String DIRECT = "relayed";

    private final Consumer<String> say;

    private NodeApplication(Consumer<String> say) {
        this.say = say;
    }

    static Hub hub(Engine engine, Duration window, Duration heartbeat, Consumer<String> say) {
        NodeApplication application = new NodeApplication(say);
        Hub hub = Hub.builder()
                .options(HubOptions.builder()
                        .heartbeat(heartbeat, heartbeat)
                        .resumeWindow(window)
                        .returnsPerSecond(300)
                        .hellosPerSecond(500)
                        .build())
                .authenticator(token ->
                        CompletableFuture.completedFuture(token == null ? Identity.ANONYMOUS : Identity.of(token)))
                .topic(everything("log.>"))
                .topic(everything("wide.>"))
                .topic(everything("room.>"))
                .topic(everything("$mailbox"))
                .engine(engine)
                .build();
        hub.onRequest("work", application::work)
                .onRequest("relay", request -> application.relay(hub, request))
                .onRequest("mail", request -> application.mail(hub, request))
                .onStream("count", application::count)
                .onMessage("note", application::did);
        return hub;
    }

    private static TopicPolicy everything(String pattern) {
        return TopicPolicy.of(pattern)
                .retain(10_000_000, 1L << 30, Duration.ofHours(2))
                .anyonePublishes();
    }

    private Label did(Request request) {
        Label label = Label.of(request.payload());
        say.accept("did " + label);
        return label;
    }

    private CompletionStage<Payload> work(Request request) {
        return CompletableFuture.completedFuture(Payload.text(did(request).toString()));
    }

    private CompletionStage<Payload> relay(Hub hub, Request request) {
        Label label = did(request);
        return hub.session(Label.rest(request.text()))
                .send(DIRECT, label.toString())
                .stored()
                .thenApply(nothing -> Payload.text(label.toString()));
    }

    private CompletionStage<Payload> mail(Hub hub, Request request) {
        Label label = did(request);
        return hub.user(Label.rest(request.text()))
                .send(label.toString())
                .stored()
                .thenApply(offset -> Payload.text(label.toString()));
    }

    private void count(Request request, StreamSender stream) {
        next(stream, did(request), 1);
    }

    private static void next(StreamSender stream, Label label, int part) {
        if (part > PARTS) {
            stream.finish();
            return;
        }
        stream.send(label + " " + part).whenComplete((sent, failure) -> {
            if (failure == null) {
                next(stream, label, part + 1);
            } else if (!stream.isOver()) {
                Throwable why = failure instanceof CompletionException ? failure.getCause() : failure;
                stream.fail(why instanceof RefusedException refused ? refused.code() : "internal", "" + why);
            }
        });
    }
}
