package dev.bowline.cli.dashboard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bowline.realtime.History;
import dev.bowline.realtime.Hub;
import dev.bowline.realtime.TopicPolicy;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * What nodes that share an engine tell each other of themselves, in a topic that is theirs alone: each its numbers, every two seconds. A node
 * that has not told anything for ten seconds is not known any more. From any thread.
 */
final class Nodes implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Nodes.class.getName());

    static final String TOPIC = "bowline.nodes";

    private static final Duration EVERY = Duration.ofSeconds(2);
    private static final Duration KNOWN_FOR = Duration.ofSeconds(10);
    private static final int MAX_MESSAGES = 1_000;
    private static final int MAX_BYTES = 8 << 20;

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Hub.Topic topic;
    private final Supplier<? extends CompletionStage<ObjectNode>> own;
    private final ScheduledExecutorService thread;
    private final AtomicBoolean told = new AtomicBoolean(true); // whether the others could be, the last time

    /** @param own the numbers of this node */
    Nodes(Hub hub, Supplier<? extends CompletionStage<ObjectNode>> own) {
        this.topic = hub.topic(TOPIC);
        this.own = own;
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread made = new Thread(task, "bowline-nodes");
            made.setDaemon(true);
            return made;
        });
    }

    /** No client may see it, and none may tell anything there. */
    static TopicPolicy policy() {
        return TopicPolicy.of(TOPIC)
                .retain(MAX_MESSAGES, MAX_BYTES, KNOWN_FOR)
                .subscribers((session, name) -> false)
                .publishers((session, name) -> false)
                .observers((session, name) -> false);
    }

    void begin() {
        ScheduledFuture<?> unused =
                thread.scheduleWithFixedDelay(this::tell, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void tell() {
        CompletionStage<Boolean> unused = own.get()
                .thenCompose(numbers -> topic.publish(numbers.toString()))
                .handle((offset, failure) -> {
                    if (failure != null && told.getAndSet(false)) {
                        LOG.log(Level.WARNING, () -> "other nodes can't be told how this one does: " + failure);
                    } else if (failure == null) {
                        told.set(true);
                    }
                    return true;
                });
    }

    /** The latest that each node has told, by its id; where they can't be asked, it fails. */
    CompletionStage<Map<String, ObjectNode>> latest() {
        return topic.latest(MAX_MESSAGES, MAX_BYTES).thenApplyAsync(Nodes::latest, thread);
    }

    private static Map<String, ObjectNode> latest(History history) {
        Map<String, ObjectNode> latest = new LinkedHashMap<>();
        for (History.Message message : history.messages()) {
            JsonNode node = message.payload().isText() ? parse(message.payload().asText()) : MAPPER.missingNode();
            if (node instanceof ObjectNode object && object.path("id").isTextual()) {
                latest.put(object.get("id").asText(), object);
            }
        }
        return latest;
    }

    private static JsonNode parse(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) { // no node has told that
            return MAPPER.missingNode();
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
