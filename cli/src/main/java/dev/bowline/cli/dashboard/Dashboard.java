package dev.bowline.cli.dashboard;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bowline.cli.api.parts.NodeWatch;
import dev.bowline.realtime.Hub;
import dev.bowline.realtime.TopicPolicy;
import dev.bowline.session.server.SessionStatistics;
import dev.bowline.session.server.SessionView;
import dev.bowline.session.server.TopicView;
import dev.bowline.websocket.WebSocketServer;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the page shows: the numbers of this node and of the others, its busiest topics and users, and the lives of sessions. Begins with the
 * hub, so that it misses no session. From any thread.
 */
public final class Dashboard implements NodeWatch, AutoCloseable {
    /** How old numbers may be: several pages may look at once. */
    private static final Duration FRESH = Duration.ofMillis(500);

    /** The same of what takes a walk through all topics or sessions. */
    private static final Duration FRESH_WALK = Duration.ofSeconds(5);

    /** How long the engine is waited for: while it is away, there is this node to be seen. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final int SHOWN = 20;
    private static final int NAMED_BY_EACH_LOOP = 200; // a topic may be busy on several

    private static final Comparator<TopicView> BUSIEST = Comparator.comparingLong(TopicView::delivered)
            .thenComparingInt(TopicView::subscribers)
            .reversed()
            .thenComparing(TopicView::topic);
    private static final Comparator<Map.Entry<String, Integer>> MOST_SESSIONS =
            Map.Entry.<String, Integer>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey());

    private final Supplier<WebSocketServer> server;
    private final NodeNumbers numbers = new NodeNumbers();
    private final Traces traces = new Traces(System::currentTimeMillis);
    private final Recent<SessionStatistics> sessions;
    private final Recent<List<TopicView>> topics;
    private final Recent<Map<String, Integer>> users;
    private final @Nullable Nodes nodes;

    /**
     * @param server asked for when there is somebody to be told of it
     * @param shared whether the hub shares its engine with those of other nodes
     */
    public Dashboard(Hub hub, Supplier<WebSocketServer> server, boolean shared) {
        this.server = server;
        this.sessions = new Recent<>(SessionStatistics.NONE, FRESH, hub::statistics, System::nanoTime);
        this.topics = new Recent<>(List.of(), FRESH_WALK, () -> hub.topics(NAMED_BY_EACH_LOOP), System::nanoTime);
        this.users = new Recent<>(
                Map.of(), FRESH_WALK, () -> hub.sessions().thenApply(Dashboard::sessionsOfUsers), System::nanoTime);
        this.nodes = shared ? new Nodes(hub, this::numbers) : null;
        hub.onSessionEvent(traces::add);
    }

    /** Of the topic by which nodes know of each other: it stands before all policies that the configuration has. */
    public static TopicPolicy policy() {
        return Nodes.policy();
    }

    /** Begins to tell other nodes of this one; the server is there. */
    public void begin() {
        if (nodes != null) {
            nodes.begin();
        }
    }

    private static Map<String, Integer> sessionsOfUsers(List<SessionView> views) {
        Map<String, Integer> users = new HashMap<>();
        for (SessionView view : views) {
            String user = view.session().user();
            if (user != null) {
                users.merge(user, 1, Integer::sum);
            }
        }
        return users;
    }

    private CompletionStage<ObjectNode> numbers() {
        WebSocketServer counted = server.get();
        return sessions.get().thenApply(told -> numbers.toJson(counted.port(), counted.statistics(), told));
    }

    @Override
    public CompletionStage<ObjectNode> statistics() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        return numbers()
                .thenApply(own -> json.<ObjectNode>set("node", own))
                .thenCombine(topics.get(), Dashboard::putTopics)
                .thenCombine(users.get(), Dashboard::putUsers);
    }

    private static ObjectNode putTopics(ObjectNode json, List<TopicView> topics) {
        ArrayNode shown = json.putArray("topics");
        topics.stream().sorted(BUSIEST).limit(SHOWN).forEach(topic -> shown.addObject()
                .put("topic", topic.topic())
                .put("subscribers", topic.subscribers())
                .put("delivered", topic.delivered()));
        return json;
    }

    private static ObjectNode putUsers(ObjectNode json, Map<String, Integer> users) {
        ArrayNode shown = json.putArray("users");
        users.entrySet().stream().sorted(MOST_SESSIONS).limit(SHOWN).forEach(user -> shown.addObject()
                .put("user", user.getKey())
                .put("sessions", user.getValue()));
        return json;
    }

    @Override
    public CompletionStage<ObjectNode> nodes() {
        CompletionStage<@Nullable Map<String, ObjectNode>> told = nodes == null
                ? CompletableFuture.completedFuture(Map.of())
                : nodes.latest()
                        .handle((known, failure) -> failure == null ? known : null)
                        .toCompletableFuture()
                        .completeOnTimeout(null, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        return numbers().thenCombine(told, this::all);
    }

    /** @param others the engine's word, in which this node may stand too; null if it is away */
    private ObjectNode all(ObjectNode own, @Nullable Map<String, ObjectNode> others) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("asked", numbers.id());
        json.put("complete", others != null);
        ArrayNode all = json.putArray("nodes");
        all.add(own);
        if (others != null) {
            others.forEach((id, other) -> {
                if (!id.equals(numbers.id())) {
                    all.add(other);
                }
            });
        }
        return json;
    }

    @Override
    public @Nullable ObjectNode trace(String session) {
        return traces.toJson(session);
    }

    @Override
    public void close() {
        if (nodes != null) {
            nodes.close();
        }
    }
}
