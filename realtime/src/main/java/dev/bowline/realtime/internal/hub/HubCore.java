package dev.bowline.realtime.internal.hub;

import dev.bowline.realtime.Delivery;
import dev.bowline.realtime.History;
import dev.bowline.realtime.RefusedException;
import dev.bowline.session.engine.Callback;
import dev.bowline.session.engine.Engine;
import dev.bowline.session.engine.Log;
import dev.bowline.session.engine.Membership;
import dev.bowline.session.engine.SessionMessage;
import dev.bowline.session.engine.UserMessage;
import dev.bowline.session.memory.MemoryEngine;
import dev.bowline.session.server.Node;
import dev.bowline.session.server.NodeOptions;
import dev.bowline.session.server.SessionStatistics;
import dev.bowline.session.server.SessionView;
import dev.bowline.session.server.TopicRules;
import dev.bowline.session.server.TopicView;
import dev.bowline.session.wire.Cursor;
import dev.bowline.session.wire.Payload;
import dev.bowline.websocket.ConnectionOptions;
import dev.bowline.websocket.Endpoint;
import dev.bowline.websocket.Heartbeat;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.ObjLongConsumer;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** What a hub does, in terms of nodes. From any thread. */
public final class HubCore {
    private static final int SECRET_BYTES = 18; // 144 bits

    /** What a connection's queue may hold beside the direct log: messages of topics, and what the protocol itself says. */
    private static final long QUEUE_SLACK_BYTES = 2 << 20;

    private final NodeOptions options;
    private final Shards shards;

    private HubCore(NodeOptions options, Shards shards) {
        this.options = options;
        this.shards = shards;
    }

    public static HubCore begin(
            NodeOptions options, TopicRules rules, HubApplication application, @Nullable Engine engine) {
        SecureRandom random = new SecureRandom();
        Engine used = engine == null ? new MemoryEngine(() -> secret(random)) : engine;
        Shards shards = new Shards(used, options, rules, application);
        application.shards(shards);
        return new HubCore(options, shards);
    }

    private static String secret(SecureRandom random) {
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** What serves its connections. Their heartbeat is the protocol's own, and they are used on their event loops. */
    public Endpoint.Service service() {
        return new Endpoint.Service(new HubConnections(shards::of), this::connectionOptions);
    }

    private ConnectionOptions connectionOptions(ConnectionOptions server) {
        long message = Math.max(options.maxHelloBytes(), options.terms().maxMessageBytes());
        int bytes = (int) Math.min(Integer.MAX_VALUE, message);
        return server.toBuilder()
                .heartbeat(Heartbeat.OFF)
                .callbackExecutor(null)
                .maxMessageBytes(bytes)
                .maxFrameBytes(bytes)
                .maxQueuedBytes(Math.max(server.maxQueuedBytes(), options.maxDirectBytes() + QUEUE_SLACK_BYTES))
                .build();
    }

    // ---- Asking ----

    /** A stage that an engine's callback completes. */
    private static <T> Callback<T> completing(CompletableFuture<T> stage) {
        return Callback.of(
                stage::complete,
                failure -> stage.completeExceptionally(new RefusedException(failure.code(), failure.text())));
    }

    private <T> CompletionStage<T> ask(BiConsumer<Membership, Callback<T>> question) {
        CompletableFuture<T> stage = new CompletableFuture<>();
        shards.use((node, now) -> question.accept(node.engine(), completing(stage)));
        return stage;
    }

    public CompletionStage<List<String>> users() {
        return ask((engine, done) -> engine.sessions().users(done));
    }

    public CompletionStage<List<String>> usersIn(String topic) {
        return ask((engine, done) -> engine.presence().list(topic, done));
    }

    public CompletionStage<List<String>> sessionsOf(String user) {
        return ask((engine, done) -> engine.sessions().sessionsOf(user, done));
    }

    public CompletionStage<History> history(
            String topic, @Nullable String epoch, long after, int maxCount, long maxBytes) {
        if (after < 0) {
            throw new IllegalArgumentException("after is " + after + ", must be at least 0");
        }
        return read(topic, maxCount, maxBytes, (reading, now) -> reading.behind(epoch, after, now));
    }

    public CompletionStage<History> latest(String topic, int maxCount, long maxBytes) {
        return read(topic, maxCount, maxBytes, Reading::latest);
    }

    private CompletionStage<History> read(String topic, int maxCount, long maxBytes, ObjLongConsumer<Reading> how) {
        if (maxCount < 1 || maxBytes < 1) {
            throw new IllegalArgumentException(
                    "maxCount is " + maxCount + " and maxBytes " + maxBytes + ", must be at least 1");
        }
        CompletableFuture<History> stage = new CompletableFuture<>();
        shards.use((node, now) -> how.accept(new Reading(node, topic, maxCount, maxBytes, completing(stage)), now));
        return stage;
    }

    public CompletionStage<Boolean> isConnected(String user) {
        return ask((engine, done) -> engine.sessions().isConnected(user, done));
    }

    public CompletionStage<Boolean> once(String key, long ttlMillis) {
        CompletableFuture<Boolean> free = new CompletableFuture<>();
        shards.use((node, now) -> node.engine().sessions().once(key, ttlMillis, now, completing(free)));
        return free;
    }

    public CompletionStage<Integer> sessionCount() {
        return sum(Node::sessionCount);
    }

    public CompletionStage<Integer> subscribers(String topic) {
        return sum(node -> node.subscriberCount(topic));
    }

    private CompletionStage<Integer> sum(ToIntFunction<Node> part) {
        return ofEach((node, now) -> part.applyAsInt(node))
                .thenApply(parts -> parts.stream().mapToInt(Integer::intValue).sum());
    }

    public CompletionStage<SessionStatistics> statistics() {
        return ofEach((node, now) -> node.statistics()).thenApply(parts -> parts.stream()
                .reduce(SessionStatistics::plus)
                .orElseThrow(() -> new IllegalStateException("the hub is closed")));
    }

    public CompletionStage<List<SessionView>> sessions() {
        return ofEach(Node::sessions)
                .thenApply(parts -> parts.stream().flatMap(List::stream).toList());
    }

    public CompletionStage<List<TopicView>> topics(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit is " + limit + ", must be at least 1");
        }
        return ofEach((node, now) -> node.topics(limit)).thenApply(parts -> {
            Map<String, TopicView> topics = new HashMap<>();
            parts.forEach(part -> part.forEach(view -> topics.merge(view.topic(), view, TopicView::plus)));
            return List.copyOf(topics.values());
        });
    }

    private interface Question<T> {
        T answer(Node node, long nowMillis);
    }

    /** Asks each node, on its own thread. */
    private <T> CompletionStage<List<T>> ofEach(Question<T> question) {
        CompletableFuture<List<T>> all = CompletableFuture.completedFuture(List.of());
        for (Shard shard : shards.all()) {
            CompletableFuture<T> one = new CompletableFuture<>();
            shard.submit((node, now) -> one.complete(question.answer(node, now)));
            all = all.thenCombine(one, (before, answer) -> {
                List<T> more = new ArrayList<>(before);
                more.add(answer);
                return more;
            });
        }
        return all;
    }

    // ---- Saying ----

    public CompletionStage<Long> publish(String topic, Payload payload, Log.@Nullable Origin origin) {
        CompletableFuture<Long> stage = new CompletableFuture<>();
        shards.use((node, now) -> node.publish(
                topic,
                payload,
                origin,
                now,
                Callback.of(
                        position -> stage.complete(position.map(Cursor::offset).orElse(0L)),
                        failure -> stage.completeExceptionally(new RefusedException(failure.code(), failure.text())))));
        return stage;
    }

    public Delivery sendToUser(String user, Payload payload, Log.@Nullable Origin origin) {
        CompletableFuture<Long> stored = new CompletableFuture<>();
        CompletableFuture<Void> received = new CompletableFuture<>();
        shards.use((node, now) -> node.sendToUser(
                user,
                payload,
                origin,
                now,
                Callback.of(
                        cursor -> {
                            stored.complete(cursor.offset());
                            node.engine().sessions().whenReceived(user, cursor, () -> received.complete(null));
                        },
                        failure -> {
                            RefusedException refused = new RefusedException(failure.code(), failure.text());
                            stored.completeExceptionally(refused);
                            received.completeExceptionally(refused);
                        })));
        return new Delivery(stored, received);
    }

    public Delivery sendToSession(String id, String name, Payload payload) {
        CompletableFuture<Long> stored = new CompletableFuture<>();
        CompletableFuture<Void> received = new CompletableFuture<>();
        SessionMessage.Receipt receipt = new SessionMessage.Receipt() {
            @Override
            public void received() {
                received.complete(null);
            }

            @Override
            public void lost() {
                received.completeExceptionally(
                        new RefusedException("session-ended", "the session has ended; whether it came is not known"));
            }
        };
        shards.toSession(
                id,
                new SessionMessage.Direct(name, payload, receipt),
                Callback.of(
                        taken -> {
                            if (taken) {
                                stored.complete(0L);
                            } else {
                                refuse(
                                        stored,
                                        received,
                                        new RefusedException("not-found", "there is no session " + id));
                            }
                        },
                        failure -> refuse(stored, received, new RefusedException(failure.code(), failure.text()))));
        return new Delivery(stored, received);
    }

    private static void refuse(CompletableFuture<?> stored, CompletableFuture<?> received, RefusedException reason) {
        stored.completeExceptionally(reason);
        received.completeExceptionally(reason);
    }

    public CompletionStage<Boolean> end(String id, int code, String reason) {
        CompletableFuture<Boolean> ended = new CompletableFuture<>();
        shards.toSession(id, new SessionMessage.End(code, reason), completing(ended));
        return ended;
    }

    public CompletionStage<Boolean> unsubscribe(String id, SessionMessage.Unsubscribe message) {
        CompletableFuture<Boolean> had = new CompletableFuture<>();
        shards.toSession(id, message, completing(had));
        return had;
    }

    public void unsubscribeUser(String user, SessionMessage.Unsubscribe message) {
        shards.use((node, now) -> node.engine().bus().toUser(user, new UserMessage.Unsubscribe(message)));
    }

    public void revoke(String user, String reason) {
        shards.use((node, now) -> node.engine().bus().toUser(user, new UserMessage.Revoke(reason)));
    }

    public void dismissAll(long retryMillis) {
        shards.forEach((node, now) -> node.dismissAll(retryMillis, now));
    }

    public CompletionStage<Void> drain() {
        List<CompletableFuture<Void>> drained = new ArrayList<>();
        for (Shard shard : shards.all()) {
            CompletableFuture<Void> one = new CompletableFuture<>();
            drained.add(one);
            shard.submit((node, now) -> node.drain(now, () -> one.complete(null)));
        }
        return CompletableFuture.allOf(drained.toArray(CompletableFuture<?>[]::new));
    }

    public void close() {
        try {
            shards.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
