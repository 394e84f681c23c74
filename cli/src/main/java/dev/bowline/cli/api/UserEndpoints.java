package dev.bowline.cli.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bowline.realtime.Delivery;
import dev.bowline.realtime.Hub;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** Users: send, look, revoke. */
final class UserEndpoints {
    private final Hub hub;

    UserEndpoints(Hub hub) {
        this.hub = hub;
    }

    void addTo(Router router) {
        router.add("POST", "/v1/users/{user}/messages", Router.Body.PAYLOAD, List.of("waitMillis"), this::send)
                .add("GET", "/v1/users/{user}", List.of(), this::look)
                .add("DELETE", "/v1/users/{user}/sessions", List.of("reason"), this::revoke);
    }

    /** @throws Problem for what can't be a user's name */
    static Hub.User user(Hub hub, String name) {
        try {
            return hub.user(name);
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest(e.getMessage() + ".");
        }
    }

    private CompletionStage<Answer> send(Call call) {
        String name = call.variable("user");
        Hub.User user = user(hub, name);
        String key = call.idempotencyKey();
        Delivery delivery = key == null ? user.send(call.payload()) : user.send(call.payload(), key);
        CompletionStage<ObjectNode> stored = delivery.stored()
                .thenApply(offset -> Json.object().put("user", name).put("offset", offset));
        if (call.query("waitMillis") == null) {
            return stored.thenApply(json -> Answer.json(201, json));
        }
        return stored.thenCompose(json -> arrives(delivery, call.waitMillis())
                .thenApply(received -> Answer.json(201, json.put("received", received))));
    }

    /** Whether a device has got it within so long. */
    private static CompletionStage<Boolean> arrives(Delivery delivery, long waitMillis) {
        CompletableFuture<Boolean> received =
                delivery.received().thenApply(nothing -> true).toCompletableFuture();
        return waitMillis == 0
                ? CompletableFuture.completedFuture(received.isDone())
                : received.completeOnTimeout(false, waitMillis, TimeUnit.MILLISECONDS);
    }

    private CompletionStage<Answer> look(Call call) {
        String name = call.variable("user");
        Hub.User user = user(hub, name);
        return user.isConnected().thenCombine(user.sessions(), (connected, sessions) -> {
            ObjectNode json = Json.object().put("user", name).put("connected", connected);
            ArrayNode all = json.putArray("sessions");
            sessions.forEach(all::add);
            return Answer.json(200, json);
        });
    }

    private CompletionStage<Answer> revoke(Call call) {
        user(hub, call.variable("user")).revoke(call.reason("revoked"));
        return CompletableFuture.completedFuture(Answer.empty(202)); // of all nodes, each does it when it hears of it
    }
}
