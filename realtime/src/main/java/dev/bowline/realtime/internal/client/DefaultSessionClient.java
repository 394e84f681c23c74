package dev.bowline.realtime.internal.client;

import dev.bowline.codec.CloseCode;
import dev.bowline.codec.CloseEvent;
import dev.bowline.codec.handshake.ClientHandshake;
import dev.bowline.realtime.CommandException;
import dev.bowline.realtime.SessionClient;
import dev.bowline.realtime.SessionClientOptions;
import dev.bowline.realtime.SessionListener;
import dev.bowline.realtime.SessionState;
import dev.bowline.realtime.SubscribeOptions;
import dev.bowline.realtime.Subscription;
import dev.bowline.realtime.TokenSource;
import dev.bowline.realtime.TopicListener;
import dev.bowline.session.client.ClientHandler;
import dev.bowline.session.client.ClientSession;
import dev.bowline.session.client.Pending;
import dev.bowline.session.client.ResultListener;
import dev.bowline.session.wire.ClientMessage;
import dev.bowline.session.wire.Grammar;
import dev.bowline.session.wire.Payload;
import dev.bowline.websocket.ReconnectRule;
import dev.bowline.websocket.internal.client.Client;
import dev.bowline.websocket.internal.client.ClientAccess;
import dev.bowline.websocket.internal.log.Log;
import dev.bowline.websocket.internal.loop.EventLoop;
import dev.bowline.websocket.internal.loop.TimingWheel;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Binds a {@link ClientSession} to connections, time and listeners. The session lives on one event loop. What is called from any thread
 * becomes a task of that loop, on the loop too: so a callback may call everything, and nothing happens within it.
 */
public final class DefaultSessionClient implements SessionClient, Client.Dependent {
    private static final Log LOG = Log.of(DefaultSessionClient.class);

    /** What a command counts beside its payload and its name, as in the session's outbox. */
    private static final int COMMAND_BYTES = 64;

    private final Client client;
    private final EventLoop loop;
    private final URI uri;
    private final SessionClientOptions options;
    private final SessionListener listener;

    // Touched by the event loop alone.
    private final ClientSession session;
    private final Callbacks callbacks;
    private final Line line;
    private final Topics topics;
    private final TimingWheel.Timer timer = TimingWheel.Timer.of(this::onTimer);
    private long timerMillis; // what the timer is set for, where it is set
    private @Nullable TokenRequest renewal;

    // Any thread.
    private final AtomicLong handedOver = new AtomicLong(); // bytes of commands on their way to the event loop
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile SessionState state = SessionState.CONNECTING; // written by the event loop, as are those below
    private volatile @Nullable String id;
    private volatile @Nullable String user;
    private volatile long outboxBytes;

    private DefaultSessionClient(Client client, URI uri, SessionClientOptions options, SessionListener listener) {
        this.client = client;
        this.loop = client.nextLoop();
        this.uri = uri;
        this.options = options;
        this.listener = listener;
        Executor executor = options.callbackExecutor();
        this.callbacks = executor == null ? new Callbacks(loop) : new ExecutorCallbacks(loop, executor, this::pause);
        this.line = new Line(
                client,
                loop,
                uri,
                options.client(),
                options.maxOutboxBytes(),
                options.tokens(),
                callbacks,
                new Connections());
        this.session = new ClientSession(
                options.session(), options.token(), bound -> options.random().nextLong(bound), new Handler());
        this.topics = new Topics(session, callbacks);
    }

    /** Begins a session. */
    public static SessionClient connect(URI uri, SessionClientOptions options, SessionListener listener) {
        ClientHandshake.requireWebSocketUri(uri);
        if (uri.getPort() == 0 || uri.getPort() > 65_535) {
            throw new IllegalArgumentException("port of the URI is " + uri.getPort() + ", must be 1 to 65535");
        }
        Client client = ClientAccess.of(options.webSocketClient());
        client.requireOpen();
        DefaultSessionClient created =
                new DefaultSessionClient(client, uri, options, Objects.requireNonNull(listener, "listener"));
        client.began(created);
        created.post(ready -> {
            if (ready.state() == ClientSession.State.IDLE) { // the client may have been closed meanwhile
                ready.start(created.nowMillis());
            }
        });
        return created;
    }

    // ---- From any thread ----

    /** Gives the event loop a task with the session; false if it may never run. */
    private boolean post(Consumer<ClientSession> task) {
        loop.execute(() -> {
            task.accept(session);
            settle();
        });
        return !loop.hasEnded();
    }

    /** Gives the session a command. */
    private <T> CompletableFuture<T> submit(
            ResultStage<T> result, int bytes, BiConsumer<ClientSession, ResultStage<T>> command) {
        long cost = (long) bytes + COMMAND_BYTES;
        if (handedOver.addAndGet(cost) > options.maxOutboxBytes()) {
            handedOver.addAndGet(-cost);
            result.fail(CommandException.notSent("the outbox is full: there is no room for another " + cost + " of "
                    + options.maxOutboxBytes() + " bytes"));
            return result.stage();
        }
        return post(result, ready -> {
            handedOver.addAndGet(-cost);
            command.accept(ready, result);
        });
    }

    private <T> CompletableFuture<T> post(ResultStage<T> result, Consumer<ClientSession> task) {
        if (!post(task)) {
            result.fail(CommandException.notSent("the session has ended: its WebSocket client is closed"));
        }
        return result.stage();
    }

    private CompletionStage<Void> submit(int bytes, BiConsumer<ClientSession, ResultListener> command) {
        return submit(ResultStage.ofDone(callbacks), bytes, command::accept);
    }

    @Override
    public Subscription subscribe(String pattern, SubscribeOptions how, TopicListener topicListener) {
        // These, here and below, refuse what can't be sent while the caller can still be told so.
        new ClientMessage.Subscribe(1, pattern, how.start(), how.presence());
        Topics.Member member = new Topics.Member(pattern, Objects.requireNonNull(topicListener, "listener"));
        if (!post(ready -> topics.subscribe(member, how))) {
            member.ready()
                    .completeExceptionally(
                            CommandException.notSent("the session has ended: its WebSocket client is closed"));
        }
        return new TopicSubscription(member);
    }

    @Override
    public CompletionStage<Void> publish(String topic, Payload payload) {
        new ClientMessage.Publish(1, topic, payload);
        return submit(payload.size() + topic.length(), (ready, result) -> ready.publish(topic, payload, result));
    }

    @Override
    public CompletionStage<Payload> request(String name, Payload payload) {
        new ClientMessage.Request(1, name, ClientMessage.Request.NO_STREAM, payload);
        ResultStage<Payload> request = ResultStage.ofAnswer(callbacks);
        CompletableFuture<Payload> answer = submit(
                request,
                payload.size() + name.length(),
                (ready, result) -> result.belongsTo(ready.request(name, payload, result)));
        CompletionStage<Payload> stage = answer;
        stage.whenComplete((payloads, error) -> {
            if (error instanceof CancellationException) {
                post(ready -> {
                    Pending command = request.command();
                    if (command != null) {
                        ready.cancel(command);
                    }
                });
            }
        });
        return answer;
    }

    @Override
    public Flow.Publisher<Payload> stream(String name, Payload payload) {
        new ClientMessage.Request(1, name, 1, payload);
        return subscriber -> {
            PartStream stream = new PartStream(
                    name, payload, Objects.requireNonNull(subscriber, "subscriber"), this::post, callbacks);
            if (!post(ready -> stream.begin())) {
                subscriber.onSubscribe(stream);
                subscriber.onError(CommandException.notSent("the session has ended: its WebSocket client is closed"));
            }
        };
    }

    @Override
    public CompletionStage<Void> send(String name, Payload payload) {
        new ClientMessage.Send(1, name, payload);
        return submit(payload.size() + name.length(), (ready, result) -> ready.send(name, payload, result));
    }

    @Override
    public CompletionStage<Void> read(long offset) {
        new ClientMessage.Read(1, offset);
        return submit(0, (ready, result) -> ready.read(offset, result));
    }

    @Override
    public CompletionStage<Void> authenticate(String token) {
        if (!Grammar.isField(token)) {
            throw new IllegalArgumentException("a token must be visible ASCII");
        }
        return submit(token.length(), (ready, result) -> ready.authenticate(token, result));
    }

    @Override
    public CompletionStage<Void> bye() {
        if (!post(ready -> ready.bye(nowMillis()))) {
            ended.complete(null);
        }
        return ended.copy();
    }

    @Override
    public void close() {
        post(ready -> ready.bye(nowMillis()));
    }

    @Override
    public void clientCloses() {
        close();
    }

    @Override
    public void check() {
        post(ready -> ready.hint(nowMillis()));
    }

    @Override
    public SessionState state() {
        return state;
    }

    @Override
    public Optional<String> id() {
        return Optional.ofNullable(id);
    }

    @Override
    public Optional<String> user() {
        return Optional.ofNullable(user);
    }

    @Override
    public long bufferedAmount() {
        return handedOver.get() + outboxBytes;
    }

    @Override
    public URI uri() {
        return uri;
    }

    @Override
    public String toString() {
        return "SessionClient[" + uri.getHost() + " " + id + " " + state + "]";
    }

    // ---- On the event loop ----

    private long nowMillis() {
        return TimeUnit.NANOSECONDS.toMillis(loop.nowNanos());
    }

    /** The session was called: it may want to be woken at another time, and others may look at how it stands. */
    private void settle() {
        outboxBytes = session.outboxBytes();
        long deadline = session.deadlineMillis();
        if (deadline == ClientSession.NEVER) {
            loop.timers().cancel(timer);
        } else if (!timer.isSet() || deadline < timerMillis) { // one that fires too early is set again
            timerMillis = deadline;
            loop.timers().set(timer, TimeUnit.MILLISECONDS.toNanos(deadline));
        }
    }

    private void onTimer() {
        long now = nowMillis();
        if (line.isPaused()) {
            session.heard(now); // it can't hear anything, and that says nothing about the line
        }
        if (now >= session.deadlineMillis()) {
            session.onTime(now);
        }
        settle();
    }

    private void pause(boolean pausing) {
        line.pause(pausing);
        session.heard(nowMillis());
    }

    private void tell(String name, int bytes, Consumer<SessionListener> event) {
        callbacks.tell(listener, name, bytes, () -> event.accept(listener));
    }

    private void renew(TokenSource source) {
        if (renewal != null) {
            renewal.cancel();
        }
        renewal = new TokenRequest(
                loop,
                token -> {
                    session.authenticate(token, result -> {
                        CommandException failure = Results.failure(result);
                        if (failure != null) {
                            LOG.log(System.Logger.Level.WARNING, "The authentication was not renewed", failure);
                        }
                    });
                    settle();
                },
                failure -> LOG.log(System.Logger.Level.WARNING, "The authentication was not renewed", failure));
        renewal.ask(source, callbacks);
    }

    /** What the line tells, the session is told. */
    private final class Connections implements Line.Owner {
        @Override
        public void token(String token) {
            session.auth(token);
        }

        @Override
        public void opened() {
            session.connected(nowMillis());
            settle();
        }

        @Override
        public void notSpoken(int code, String reason) {
            session.disconnected(code, reason, nowMillis());
            settle();
        }

        @Override
        public void received(Payload message) {
            session.received(message, nowMillis());
            settle();
        }

        @Override
        public void heard() {
            session.heard(nowMillis());
        }

        @Override
        public void failed(IOException cause) {
            tell("onConnectFailed", 0, told -> told.onConnectFailed(DefaultSessionClient.this, cause));
            String reason = String.valueOf(cause.getMessage());
            CloseEvent event =
                    new CloseEvent(CloseCode.ABNORMAL_CLOSURE, reason, false, CloseEvent.Origin.NETWORK, null);
            if (ReconnectRule.DEFAULT.reconnects(event, cause)) {
                session.disconnected(CloseCode.ABNORMAL_CLOSURE, reason, nowMillis());
            } else {
                session.refused(reason, nowMillis());
            }
            settle();
        }

        @Override
        public void closed(CloseEvent event) {
            tell("onDisconnect", 0, told -> told.onDisconnect(DefaultSessionClient.this, event.code(), event.reason()));
            session.disconnected(event.code(), event.reason(), nowMillis());
            settle();
        }
    }

    /** What the session tells, the line or the application is told. */
    private final class Handler implements ClientHandler {
        private final SessionClient self = DefaultSessionClient.this;

        @Override
        public void connect() {
            line.connect();
        }

        @Override
        public void send(Payload message) {
            line.send(message);
        }

        @Override
        public void close(int code, String reason) {
            boolean wasOpen = line.close(code, reason);
            if (code == CloseCode.NORMAL) {
                return; // that is bye: onEnded follows
            }
            if (wasOpen) {
                tell("onDisconnect", 0, told -> told.onDisconnect(self, code, reason));
            } else {
                tell("onConnectFailed", 0, told -> told.onConnectFailed(self, new IOException(reason)));
            }
        }

        @Override
        public void onState(ClientSession.State next) {
            SessionState visible =
                    switch (next) {
                        case IDLE, CONNECTING, GREETING -> SessionState.CONNECTING;
                        case OPEN -> SessionState.OPEN;
                        case WAITING -> SessionState.WAITING;
                        case ENDED -> SessionState.ENDED;
                    };
            if (next != ClientSession.State.GREETING) { // the attempt goes on
                state = visible;
                tell("onState", 0, told -> told.onState(self, visible));
            }
        }

        @Override
        public void onWelcome(String newId, @Nullable String newUser, boolean resumed, @Nullable String reason) {
            id = newId;
            user = newUser;
            tell("onOpen", 0, told -> told.onOpen(self, resumed, reason));
        }

        @Override
        public void onEnded(int code, String reason) {
            if (renewal != null) {
                renewal.cancel();
            }
            callbacks.tell(listener, "onEnded", 0, () -> {
                try {
                    listener.onEnded(self, code, reason);
                } finally {
                    ended.complete(null);
                    client.ended(DefaultSessionClient.this);
                }
            });
        }

        @Override
        public void onDirect(String name, Payload payload) {
            tell("onMessage", payload.size(), told -> told.onMessage(self, name, payload));
        }

        @Override
        public void onTopicMessage(String topic, long offset, Payload payload) {
            topics.tell(topic, "onMessage", payload.size(), told -> told.onMessage(topic, offset, payload));
        }

        @Override
        public void onGap(String topic, long from, long to, String code) {
            topics.tell(topic, "onGap", 0, told -> told.onGap(topic, from, to, code));
        }

        @Override
        public void onReset(String topic, String code) {
            topics.tell(topic, "onReset", 0, told -> told.onReset(topic, code));
        }

        @Override
        public void onSubscriptionEnded(String pattern, String code) {
            topics.ended(pattern, code);
        }

        @Override
        public void onPresent(String topic, List<String> users) {
            topics.tell(topic, "onPresent", 0, told -> told.onPresent(topic, users));
        }

        @Override
        public void onJoined(String topic, String who) {
            topics.tell(topic, "onJoined", 0, told -> told.onJoined(topic, who));
        }

        @Override
        public void onLeft(String topic, String who) {
            topics.tell(topic, "onLeft", 0, told -> told.onLeft(topic, who));
        }

        @Override
        public void onExpiring(long millis) {
            tell("onExpiring", 0, told -> told.onExpiring(self, Duration.ofMillis(millis)));
            TokenSource source = options.tokens();
            if (source != null) {
                renew(source);
            }
        }
    }

    private final class TopicSubscription implements Subscription {
        private final Topics.Member member;

        TopicSubscription(Topics.Member member) {
            this.member = member;
        }

        @Override
        public String pattern() {
            return member.pattern();
        }

        @Override
        public CompletionStage<Void> ready() {
            return member.ready();
        }

        @Override
        public CompletionStage<Void> unsubscribe() {
            // However much is on its way: what ends something makes room.
            ResultStage<Void> result = ResultStage.ofDone(callbacks);
            return post(result, ready -> topics.unsubscribe(member, result));
        }

        @Override
        public String toString() {
            return "Subscription[" + member.pattern() + "]";
        }
    }
}
