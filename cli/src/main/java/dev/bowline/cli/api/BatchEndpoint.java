package dev.bowline.cli.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bowline.realtime.Hub;
import dev.bowline.session.wire.Grammar;
import dev.bowline.session.wire.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Many messages at once, to topics and users. What is for one of them arrives in the order in which it stands here. */
final class BatchEndpoint {
    private static final int MAX_MESSAGES = 1_000;
    private static final List<String> MEMBERS = List.of("topic", "user", "text", "data", "key");

    private final Hub hub;

    BatchEndpoint(Hub hub) {
        this.hub = hub;
    }

    void addTo(Router router) {
        router.add("POST", "/v1/messages", Router.Body.JSON, List.of(), this::sendAll);
    }

    private CompletionStage<Answer> sendAll(Call call) {
        JsonNode messages =
                JsonMembers.of(call.json(), "the body", List.of("messages")).array("messages", MAX_MESSAGES);
        List<CompletableFuture<ObjectNode>> results = new ArrayList<>();
        for (int i = 0; i < messages.size(); i++) {
            results.add(result(messages.get(i), "message " + (i + 1)));
        }
        return CompletableFuture.allOf(results.toArray(CompletableFuture<?>[]::new))
                .thenApply(all -> {
                    ObjectNode json = Json.object();
                    ArrayNode told = json.putArray("results");
                    results.forEach(result -> told.add(result.join()));
                    return Answer.json(200, json);
                });
    }

    /** What became of one of them; a mistake in it holds up no other. */
    private CompletableFuture<ObjectNode> result(JsonNode message, String where) {
        CompletionStage<Long> offset;
        try {
            offset = send(JsonMembers.of(message, where, MEMBERS));
        } catch (RuntimeException thrown) {
            offset = CompletableFuture.failedStage(thrown);
        }
        return offset.thenApply(given -> Json.object().put("offset", given))
                .exceptionally(failure ->
                        Json.object().set("error", Problem.of(failure).toJson()))
                .toCompletableFuture();
    }

    private CompletionStage<Long> send(JsonMembers message) {
        Payload payload = message.payload();
        String key = message.text("key");
        if (key != null && !Grammar.isUser(key)) {
            throw message.wrong("key", "1 to 255 visible ASCII characters");
        }
        if (message.oneOf("topic", "user").equals("topic")) {
            Hub.Topic topic = TopicEndpoints.topic(hub, message.requiredText("topic"));
            return key == null ? topic.publish(payload) : topic.publish(payload, key);
        }
        Hub.User user = UserEndpoints.user(hub, message.requiredText("user"));
        return (key == null ? user.send(payload) : user.send(payload, key)).stored();
    }
}
