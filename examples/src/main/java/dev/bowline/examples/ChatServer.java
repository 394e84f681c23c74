package dev.bowline.examples;

import dev.bowline.realtime.Hub;
import dev.bowline.realtime.RefusedException;
import dev.bowline.realtime.Request;
import dev.bowline.realtime.TopicPolicy;
import dev.bowline.session.server.Identity;
import dev.bowline.session.wire.Payload;
import dev.bowline.websocket.Endpoint;
import dev.bowline.websocket.WebSocketListener;
import dev.bowline.websocket.WebSocketServer;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A chat: rooms that have a history and show who is there, and private messages that wait for their reader.
 *
 * <ul>
 *   <li>topic {@code room.ROOM}: what is said there, as {@code USER: TEXT}
 *   <li>topic {@code $mailbox}: private messages to the user, on each of their devices, now or later
 *   <li>request {@code say} with {@code ROOM TEXT}: says it in a room
 *   <li>request {@code whisper} with {@code USER TEXT}: says it to one user
 * </ul>
 */
public final class ChatServer {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9-]{1,32}");
    private static final Pattern ADDRESSED = Pattern.compile("(" + NAME + ") (.+)", Pattern.DOTALL);

    // snippet:server
    private final Hub hub = Hub.builder()
            .authenticator(ChatServer::authenticate)
            .topic(TopicPolicy.of("room.*").retain(200, 256 * 1024, Duration.ofDays(7)))
            .build();

    public static void main(String[] args) throws IOException {
        ChatServer chat = new ChatServer();
        chat.hub.onRequest("say", chat::say);
        chat.hub.onRequest("whisper", chat::whisper);
        chat.hub.onStoredOffline((user, offset, payload) -> System.out.println("push to the phone of " + user));
        WebSocketServer.builder()
                .port(Integer.getInteger("port", 3000))
                .endpoint(chat.hub.serve(Endpoint.of("/", new WebSocketListener() {})))
                .start();
    }

    /** Clients do not publish themselves: so nobody speaks in another's name. */
    private CompletionStage<Payload> say(Request request) {
        Matcher said = addressed(request);
        return hub.topic("room." + said.group(1))
                .publish(request.session().user() + ": " + said.group(2))
                .thenApply(offset -> Payload.text(Long.toString(offset)));
    }

    private CompletionStage<Payload> whisper(Request request) {
        Matcher said = addressed(request);
        return hub.user(said.group(1))
                .send(request.session().user() + ": " + said.group(2))
                .stored()
                .thenApply(offset -> Payload.text(Long.toString(offset)));
    }
    // end:server

    private static Matcher addressed(Request request) {
        Matcher matcher = ADDRESSED.matcher(request.text());
        if (!matcher.matches()) {
            throw new RefusedException("bad-request", "a name, a space and the text");
        }
        return matcher;
    }

    /** Here the token is the name, and anybody may claim it. Yours is signed, and you check the signature. */
    private static CompletionStage<Identity> authenticate(@Nullable String token) {
        return token != null && NAME.matcher(token).matches()
                ? CompletableFuture.completedFuture(new Identity(token, Long.MAX_VALUE))
                : CompletableFuture.failedFuture(new RefusedException("unauthorized", "what is your name?"));
    }
}
