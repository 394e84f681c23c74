package dev.bowline.cli.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bowline.realtime.History;
import dev.bowline.realtime.Hub;
import dev.bowline.session.wire.Cursor;
import dev.bowline.session.wire.Grammar;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** Topics: publish, read back, see who is there. */
final class TopicEndpoints {
    /** How many bytes of messages one answer has, though never less than one message. */
    private static final long MAX_HISTORY_BYTES = 1 << 20;

    private static final int MAX_LIMIT = 1_000;
    private static final int DEFAULT_LIMIT = 100;

    private final Hub hub;
    private final Executor executor;

    /** @param executor for what takes too long for an event loop */
    TopicEndpoints(Hub hub, Executor executor) {
        this.hub = hub;
        this.executor = executor;
    }

    void addTo(Router router) {
        router.add("POST", "/v1/topics/{topic}/messages", Router.Body.PAYLOAD, List.of(), this::publish)
                .add("GET", "/v1/topics/{topic}/messages", List.of("after", "epoch", "last", "limit"), this::history)
                .add("GET", "/v1/topics/{topic}/presence", List.of(), this::presence);
    }

    /** @throws Problem for what is no topic of the application's */
    static Hub.Topic topic(Hub hub, String name) {
        try {
            return hub.topic(name);
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest(e.getMessage() + ".");
        }
    }

    private CompletionStage<Answer> publish(Call call) {
        String name = call.variable("topic");
        Hub.Topic topic = topic(hub, name);
        String key = call.idempotencyKey();
        CompletionStage<Long> offset = key == null ? topic.publish(call.payload()) : topic.publish(call.payload(), key);
        return offset.thenApply(
                given -> Answer.json(201, Json.object().put("topic", name).put("offset", given)));
    }

    private CompletionStage<Answer> history(Call call) {
        String name = call.variable("topic");
        Hub.Topic topic = topic(hub, name);
        return messages(topic, call).thenApplyAsync(history -> Answer.json(200, json(name, history)), executor);
    }

    private static CompletionStage<History> messages(Hub.Topic topic, Call call) {
        int limit = (int) call.query("limit", DEFAULT_LIMIT, 1, MAX_LIMIT);
        long after = call.query("after", 0, 0, Grammar.MAX_NUMBER);
        String epoch = call.query("epoch");
        if (call.query("last") != null) {
            if (call.query("after") != null || epoch != null || call.query("limit") != null) {
                throw Problem.badRequest("The parameter last stands alone, without after, epoch and limit.");
            }
            return topic.latest((int) call.query("last", 1, 1, MAX_LIMIT), MAX_HISTORY_BYTES);
        }
        if (epoch == null) {
            return topic.history(after, limit, MAX_HISTORY_BYTES);
        }
        if (!Grammar.isEpoch(epoch)) {
            throw Problem.badRequest("The parameter epoch is none that an answer had.");
        }
        return topic.history(new Cursor(epoch, after), limit, MAX_HISTORY_BYTES);
    }

    private static ObjectNode json(String topic, History history) {
        ObjectNode json = Json.object();
        json.put("topic", topic);
        json.put("epoch", history.epoch());
        json.put("begin", history.begin());
        json.put("end", history.end());
        json.put("reset", history.reset());
        json.put("more", history.hasMore());
        ArrayNode messages = json.putArray("messages");
        history.messages().forEach(message -> {
            ObjectNode one = messages.addObject();
            one.put("offset", message.offset());
            Json.put(one, message.payload());
        });
        return json;
    }

    private CompletionStage<Answer> presence(Call call) {
        String name = call.variable("topic");
        return topic(hub, name).users().thenApply(users -> {
            ObjectNode json = Json.object().put("topic", name);
            ArrayNode all = json.putArray("users");
            users.forEach(all::add);
            return Answer.json(200, json);
        });
    }
}
