package dev.bowline.realtime;

import dev.bowline.realtime.internal.hub.HubApplication;
import dev.bowline.realtime.internal.hub.HubCore;
import dev.bowline.session.engine.Engine;
import dev.bowline.session.engine.Log;
import dev.bowline.session.engine.SessionMessage;
import dev.bowline.session.server.Action;
import dev.bowline.session.server.Identity;
import dev.bowline.session.server.SessionChange;
import dev.bowline.session.server.SessionEvent;
import dev.bowline.session.server.SessionInfo;
import dev.bowline.session.server.SessionStatistics;
import dev.bowline.session.server.SessionView;
import dev.bowline.session.server.TopicRules;
import dev.bowline.session.server.TopicView;
import dev.bowline.session.wire.Cursor;
import dev.bowline.session.wire.Grammar;
import dev.bowline.session.wire.Payload;
import dev.bowline.websocket.Endpoint;
import dev.bowline.websocket.StaticResource;
import dev.bowline.websocket.UpgradeDecision;
import dev.bowline.websocket.UpgradeRequest;
import dev.bowline.websocket.WebSocketListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The server's side of sessions that survive the network: owns sessions, users and topics, and speaks {@code bowline.v1} on the
 * connections of a {@link dev.bowline.websocket.WebSocketServer}.
 *
 * <pre>{@code
 * Hub hub = Hub.builder().topic(TopicPolicy.of("chat.>").anyonePublishes()).build();
 * hub.onRequest("time", request -> CompletableFuture.completedFuture(Payload.text(Instant.now().toString())));
 * WebSocketServer server = WebSocketServer.builder()
 *         .port(3000)
 *         .endpoint(hub.serve(Endpoint.of("/", plain)))
 *         .start();
 * }</pre>
 *
 * <p><b>Side by side.</b> On an endpoint that the hub serves, clients that ask for the subprotocol {@code bowline.v1} have sessions; all
 * others are the endpoint's listener's, as before. {@link #endpoint} is for sessions alone.
 *
 * <p><b>Life.</b> A hub begins when it is built. Close it before the servers: clients are then told to come back, and not that they were
 * too late. Or let it outlive them: where a server is closed and another one begun with the same hub, sessions go on.
 *
 * <p><b>Threads.</b> Every method may be called from any thread, and none but {@link #close} blocks. What one thread publishes to a topic
 * or says to a session arrives in the order in which it did so. Handlers are called on event loops and must not block, but for
 * {@link Builder#handlerExecutor}; stages complete on event loops too.
 */
public final class Hub implements AutoCloseable {
    /** The subprotocol that the hub speaks. */
    public static final String SUBPROTOCOL = "bowline.v1";

    private static final int MAX_KEY = 255;
    private static final Duration MAX_ONCE = Duration.ofDays(30);

    private static final WebSocketListener NO_PLAIN_CONNECTIONS = new WebSocketListener() {};

    private final HubCore core;
    private final HubApplication application;

    private Hub(HubCore core, HubApplication application) {
        this.core = core;
        this.application = application;
    }

    public static Builder builder() {
        return new Builder();
    }

    /**
     * An endpoint for sessions alone: a client that does not ask for the subprotocol is refused with 400, before it has a connection. It has
     * its {@link Endpoint#onUpgrade}; who wants one of their own, or other clients too, takes {@link #serve}.
     *
     * @param path as of {@link Endpoint#of}
     */
    public Endpoint endpoint(String path) {
        return serve(Endpoint.of(path, NO_PLAIN_CONNECTIONS)).onUpgrade(Hub::decide);
    }

    private static UpgradeDecision decide(UpgradeRequest request) {
        return request.subprotocols().contains(SUBPROTOCOL)
                ? UpgradeDecision.accept()
                : UpgradeDecision.refuse(400, "This WebSocket speaks the subprotocol " + SUBPROTOCOL + " alone.");
    }

    /** Speaks the subprotocol on an endpoint's connections, where a client asks for it; any number of endpoints and servers. */
    public Endpoint serve(Endpoint endpoint) {
        return endpoint.service(SUBPROTOCOL, core.service());
    }

    /**
     * The browser's side: the modules {@code session.js}, which pages import, and what that imports, by their paths. Of the same version as
     * this hub: serve them with {@link dev.bowline.websocket.WebSocketServer.Builder#resource}.
     */
    public static Map<String, StaticResource> browserModules() {
        Map<String, StaticResource> modules = new TreeMap<>();
        for (String name : List.of("session.js", "session-core.js")) {
            modules.put(
                    "/" + name,
                    StaticResource.of("text/javascript; charset=utf-8", Hub.class.getResourceAsStream(name)));
        }
        return modules;
    }

    // ---- What clients ask ----

    /**
     * Answers requests.
     *
     * @param name of requests; or a pattern of names, such as {@code shop.>}, for those that have no handler of their own: of several
     *     patterns that cover one, the first that was added
     * @throws IllegalArgumentException for what is neither
     * @throws IllegalStateException if there is a handler for that name, or that pattern
     */
    public Hub onRequest(String name, RequestHandler handler) {
        application.onRequest(name, handler);
        return this;
    }

    /**
     * Answers requests in parts.
     *
     * @throws IllegalStateException if there is a handler for that name
     */
    public Hub onStream(String name, StreamHandler handler) {
        application.onStream(name, handler);
        return this;
    }

    /**
     * Takes messages.
     *
     * @throws IllegalStateException if there is a handler for that name
     */
    public Hub onMessage(String name, MessageHandler handler) {
        application.onMessage(name, handler);
        return this;
    }

    /** Is told when sessions start, go on, lose their connection, and end. On event loops; must not block. */
    public Hub onSession(BiConsumer<SessionInfo, SessionChange> listener) {
        application.onSession(listener);
        return this;
    }

    /**
     * Is told what happens to sessions, with what there is to tell of it, so that one can be followed through cuts and returns: for logs and
     * traces. On event loops; must not block.
     */
    public Hub onSessionEvent(Consumer<? super SessionEvent> listener) {
        application.onSessionEvent(listener);
        return this;
    }

    /** Told of messages for users none of whose devices is connected. */
    @FunctionalInterface
    public interface OfflineListener {
        /** A message is in the mailbox and waits: a good time for a push notification. Runs where handlers do. */
        void onStored(String user, long offset, Payload payload);
    }

    /** Is told of messages that wait in a mailbox, as none of the user's devices is connected. */
    public Hub onStoredOffline(OfflineListener listener) {
        application.onStoredOffline(listener::onStored);
        return this;
    }

    // ---- What the application says ----

    /**
     * A topic.
     *
     * @throws IllegalArgumentException for what is no topic, or one of the protocol's own
     */
    public Topic topic(String name) {
        if (!Grammar.isTopic(name) || name.startsWith("$")) {
            throw new IllegalArgumentException(
                    "topic is \"" + name
                            + "\", must be segments of letters, digits and -_~:@%$ between dots, not beginning with a dollar sign");
        }
        return new Topic(name);
    }

    /**
     * A user, whether there is a session or not.
     *
     * @throws IllegalArgumentException for anything but 1 to 255 visible ASCII characters
     */
    public User user(String name) {
        if (!Grammar.isUser(name)) {
            throw new IllegalArgumentException(
                    "user is \"" + name + "\", must be 1 to 255 visible ASCII characters, others percent-encoded");
        }
        return new User(name);
    }

    /** A session, by its id. */
    public SessionHandle session(String id) {
        return new SessionHandle(id);
    }

    /** The users who have sessions. */
    public CompletionStage<List<String>> users() {
        return core.users();
    }

    /** How many sessions there are, of clients connected or expected back. */
    public CompletionStage<Integer> sessionCount() {
        return core.sessionCount();
    }

    /**
     * Takes a key, for a time: of all who ask for it meanwhile, on this hub or on another one that shares the engine, one is told that it was
     * free. For what is to happen once, such as the use of a ticket.
     *
     * @param key 1 to 255 visible ASCII characters
     * @param ttl how long it is taken, 1 ms to 30 days; to ask for it again does not prolong that
     * @return completed with whether it was free; exceptionally with {@link RefusedException}, {@code unavailable} where it was not taken, as
     *     the engine is away or has too many keys
     * @throws IllegalArgumentException for another key or time
     */
    public CompletionStage<Boolean> once(String key, Duration ttl) {
        if (!Grammar.isField(key) || key.length() > MAX_KEY) {
            throw new IllegalArgumentException("key is \"" + key + "\", must be 1 to 255 visible ASCII characters");
        }
        if (ttl.compareTo(Duration.ofMillis(1)) < 0 || ttl.compareTo(MAX_ONCE) > 0) {
            throw new IllegalArgumentException("ttl is " + ttl + ", must be 1 ms to 30 days");
        }
        return core.once(key, ttl.toMillis());
    }

    /**
     * What has become of sessions since the hub was built, on all its event loops; not on other hubs that share the engine. What a loop counted
     * whose server was closed is forgotten when its last session is over.
     *
     * @return completed when each event loop has answered in one of its turns: one that is blocked holds it up
     */
    public CompletionStage<SessionStatistics> statistics() {
        return core.statistics();
    }

    /** The sessions of this hub as they are now, in no order; not those of other hubs that share the engine. As {@link #statistics}. */
    public CompletionStage<List<SessionView>> sessions() {
        return core.sessions();
    }

    /**
     * The topics with the most traffic that sessions of this hub are subscribed to, as they are now, in no order; mailboxes are not among them.
     * As {@link #statistics}.
     *
     * @param limit how many each event loop names, at least 1: what is below that on one of them is missing there
     */
    public CompletionStage<List<TopicView>> topics(int limit) {
        return core.topics(limit);
    }

    /** A topic of the hub's. */
    public final class Topic {
        private final String name;

        private Topic(String name) {
            this.name = name;
        }

        /**
         * Publishes a message.
         *
         * @return completed with its offset when it is in the log; 0 where the topic keeps none
         */
        public CompletionStage<Long> publish(Payload payload) {
            return core.publish(name, payload, null);
        }

        /**
         * Publishes a message once, however often it is tried with the same key, on whichever hub of the engine's: who does not know what became
         * of the first try may try again. The topic knows a key for 10 minutes, the engine in memory the latest 200,000 of all; the first
         * message with it counts, whatever the others say. Without effect where the topic keeps no messages.
         *
         * @param key 1 to 255 visible ASCII characters
         * @return as of {@link #publish(Payload)}; of a message that was there the offset that it has
         */
        public CompletionStage<Long> publish(Payload payload, String key) {
            return core.publish(name, payload, Log.Origin.ofKey(key));
        }

        /** {@link #publish(Payload)} of a text. */
        public CompletionStage<Long> publish(String text) {
            return publish(Payload.text(text));
        }

        /**
         * Reads back what is kept behind an offset, in order.
         *
         * @param after 0 for the beginning
         * @param maxCount of messages, at least 1
         * @param maxBytes of messages with their headers, at least 1, though never less than one message
         */
        public CompletionStage<History> history(long after, int maxCount, long maxBytes) {
            return core.history(name, null, after, maxCount, maxBytes);
        }

        /** As {@link #history(long, int, long)}, from where something was read before: notices that this is another log since. */
        public CompletionStage<History> history(Cursor after, int maxCount, long maxBytes) {
            return core.history(name, after.epoch(), after.offset(), maxCount, maxBytes);
        }

        /** As {@link #history(long, int, long)}, of the last so many messages; where these have more bytes, the first of them. */
        public CompletionStage<History> latest(int maxCount, long maxBytes) {
            return core.latest(name, maxCount, maxBytes);
        }

        /** The users who have a session that is subscribed to it by name. */
        public CompletionStage<List<String>> users() {
            return core.usersIn(name);
        }

        /** How many sessions get its messages, on this hub. */
        public CompletionStage<Integer> subscribers() {
            return core.subscribers(name);
        }
    }

    /** A user of the hub's. */
    public final class User {
        private final String name;

        private User(String name) {
            this.name = name;
        }

        /** Puts a message into the mailbox: every device gets it, now or when it comes back. */
        public Delivery send(Payload payload) {
            return core.sendToUser(name, payload, null);
        }

        /**
         * As {@link #send(Payload)}, once however often it is tried with the same key: as of {@link Topic#publish(Payload, String)}. As long as
         * no device is connected, {@link Hub#onStoredOffline} is told each time.
         */
        public Delivery send(Payload payload, String key) {
            return core.sendToUser(name, payload, Log.Origin.ofKey(key));
        }

        /** {@link #send(Payload)} of a text. */
        public Delivery send(String text) {
            return send(Payload.text(text));
        }

        /** The ids of the user's sessions, on all nodes, of clients connected or expected back. */
        public CompletionStage<List<String>> sessions() {
            return core.sessionsOf(name);
        }

        /** Whether any device has a connection. */
        public CompletionStage<Boolean> isConnected() {
            return core.isConnected(name);
        }

        /**
         * Ends all of the user's sessions, on all nodes; their clients do not come back by themselves. The authenticator must refuse them from
         * now on, or they can.
         *
         * @param reason for people; at most 123 bytes of UTF-8
         */
        public void revoke(String reason) {
            core.revoke(name, reason);
        }

        /**
         * Ends a subscription of all the user's sessions that have it, on all nodes: for a right that was withdrawn. Their clients are told, those
         * that are away when they are back; they may ask again, which is for the authorizer to refuse. As {@link SessionHandle#unsubscribe}.
         */
        public void unsubscribe(String pattern, String code) {
            core.unsubscribeUser(name, new SessionMessage.Unsubscribe(pattern, code));
        }
    }

    /** A session of the hub's. */
    public final class SessionHandle {
        private final String id;

        private SessionHandle(String id) {
            this.id = id;
        }

        /**
         * Sends a direct message.
         *
         * @param messageName as of a topic
         */
        public Delivery send(String messageName, Payload payload) {
            if (!Grammar.isTopic(messageName)) {
                throw new IllegalArgumentException("name is \"" + messageName
                        + "\", must be segments of letters, digits and -_~:@%$ between dots, at most 255 characters");
            }
            return core.sendToSession(id, messageName, payload);
        }

        /** {@link #send(String, Payload)} of a text. */
        public Delivery send(String messageName, String text) {
            return send(messageName, Payload.text(text));
        }

        /**
         * Ends a subscription: nothing comes of it any more, and the client is told.
         *
         * @param pattern the topic or pattern as the client named it, to the letter
         * @param code why: of the protocol's page, section 10.1, such as {@code forbidden}, or with a dot the application's own
         * @return completed with whether there was such a subscription
         * @throws IllegalArgumentException for what is no pattern, or no code
         */
        public CompletionStage<Boolean> unsubscribe(String pattern, String code) {
            return core.unsubscribe(id, new SessionMessage.Unsubscribe(pattern, code));
        }

        /**
         * Ends it.
         *
         * @param code of the close, 4500 to 4999: the client does not come back
         * @param reason for people; at most 123 bytes of UTF-8
         * @return completed with whether there was one
         */
        public CompletionStage<Boolean> end(int code, String reason) {
            if (code < 4500 || code > 4999) {
                throw new IllegalArgumentException("code is " + code + ", must be 4500 to 4999");
            }
            return core.end(id, code, reason);
        }
    }

    /**
     * Has all clients come back, with advice when: for a server that is about to stop. They come spread over time
     * ({@link HubOptions.Builder#returnsPerSecond}).
     *
     * @param retryMillis they wait at least that long
     */
    public void dismissAll(long retryMillis) {
        core.dismissAll(retryMillis);
    }

    /**
     * Moves all clients to other hubs that share the engine, a few at a time ({@link HubOptions.Builder#returnsPerSecond}), for a rolling
     * restart: those whose turn has not come notice nothing, and no message is lost. Before that, see that no more connections come here: stop
     * to accept them, or have the balancer leave this hub out.
     *
     * @return completed when no connection is left that was there; then the hub can be closed
     */
    public CompletionStage<Void> drain() {
        return core.drain();
    }

    /**
     * Ends the hub: closes all its connections with 4003 and advice as {@link #dismissAll} gives it, ends its sessions unless its engine
     * keeps them for other hubs, and waits until event loops are done with it. An engine that was given to it is not closed.
     */
    @Override
    public void close() {
        core.close();
    }

    /** Collects what a hub is to be. Not thread-safe. */
    public static final class Builder {
        private HubOptions options = HubOptions.DEFAULT;
        private @Nullable Engine engine;
        private final List<TopicPolicy> policies = new ArrayList<>();
        private TopicRules rules = TopicRules.DEFAULT;
        private Authenticator authenticator = token -> CompletableFuture.completedFuture(Identity.ANONYMOUS);
        private @Nullable Authorizer authorizer;
        private Executor handlerExecutor = Runnable::run;

        private Builder() {}

        /** Default {@link HubOptions#DEFAULT}. */
        public Builder options(HubOptions chosen) {
            options = chosen;
            return this;
        }

        /** Where logs and sessions are kept. Default: in memory, for this hub alone. */
        public Builder engine(Engine chosen) {
            engine = chosen;
            return this;
        }

        /** What holds for topics; of several policies that cover one, the first that was added. */
        public Builder topic(TopicPolicy policy) {
            policies.add(policy);
            rules = rules.and(policy.rule());
            return this;
        }

        /** Says who clients are. Default: nobody in particular, whoever comes. */
        public Builder authenticator(Authenticator chosen) {
            authenticator = chosen;
            return this;
        }

        /** Says what sessions may do, where the policy of the topic allows it. Default: everything. */
        public Builder authorizer(Authorizer chosen) {
            authorizer = chosen;
            return this;
        }

        /** Where handlers run, so that they may block. Default: on the event loop, where they must not. */
        public Builder handlerExecutor(Executor executor) {
            handlerExecutor = executor;
            return this;
        }

        public Hub build() {
            List<TopicPolicy> all = List.copyOf(policies);
            HubApplication application = new HubApplication(
                    authenticator,
                    (session, action, topic) -> allows(all, session, action, topic),
                    authorizer,
                    handlerExecutor);
            return new Hub(HubCore.begin(options.node(), rules, application, engine), application);
        }

        private static boolean allows(List<TopicPolicy> policies, SessionInfo session, Action action, String topic) {
            if (action == Action.REQUEST || action == Action.SEND) {
                return true;
            }
            for (TopicPolicy policy : policies) {
                if (policy.rule().pattern().matches(topic)) {
                    return policy.allows(session, action, topic);
                }
            }
            return TopicPolicy.of(">").allows(session, action, topic);
        }
    }
}
