package dev.bowline.realtime.internal.hub;

import dev.bowline.realtime.Authenticator;
import dev.bowline.realtime.Authorizer;
import dev.bowline.realtime.MessageHandler;
import dev.bowline.realtime.RefusedException;
import dev.bowline.realtime.Request;
import dev.bowline.realtime.RequestHandler;
import dev.bowline.realtime.StreamHandler;
import dev.bowline.session.engine.Callback;
import dev.bowline.session.engine.Failure;
import dev.bowline.session.engine.SessionMessage;
import dev.bowline.session.server.Action;
import dev.bowline.session.server.Application;
import dev.bowline.session.server.Identity;
import dev.bowline.session.server.SessionChange;
import dev.bowline.session.server.SessionEvent;
import dev.bowline.session.server.SessionInfo;
import dev.bowline.session.wire.Cursor;
import dev.bowline.session.wire.Grammar;
import dev.bowline.session.wire.Payload;
import dev.bowline.session.wire.TopicPattern;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the application has said to the hub, as nodes ask for it: each on its own thread. Handlers run there too, or where they are told
 * to; their answers find the session wherever it is by then.
 */
public final class HubApplication implements Application {
    private static final System.Logger LOG = System.getLogger(HubApplication.class.getName());

    /** Told of messages that wait for users who are not connected. */
    public interface OfflineListener {
        void onStored(String user, long offset, Payload payload);
    }

    /** Whether the rules of topics allow something. */
    public interface Policies {
        boolean allow(SessionInfo session, Action action, String topic);
    }

    private final Authenticator authenticator;
    private final Policies policies;
    private final @Nullable Authorizer authorizer;
    private final Executor executor;

    private final Map<String, RequestHandler> requests = new ConcurrentHashMap<>(); // by name, or by pattern
    private final List<TopicPattern> requestPatterns = new CopyOnWriteArrayList<>(); // those of them, in order
    private final Map<String, StreamHandler> streams = new ConcurrentHashMap<>();
    private final Map<String, MessageHandler> messages = new ConcurrentHashMap<>();
    private final List<BiConsumer<SessionInfo, SessionChange>> sessionListeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<? super SessionEvent>> eventListeners = new CopyOnWriteArrayList<>();
    private final List<OfflineListener> offlineListeners = new CopyOnWriteArrayList<>();

    private final Map<Key, OpenStream> open = new ConcurrentHashMap<>();

    private record Key(String session, long seq) {}

    private @Nullable Shards shards; // set before the first call

    /**
     * @param executor where handlers run
     */
    public HubApplication(
            Authenticator authenticator, Policies policies, @Nullable Authorizer authorizer, Executor executor) {
        this.authenticator = authenticator;
        this.policies = policies;
        this.authorizer = authorizer;
        this.executor = executor;
    }

    void shards(Shards all) {
        shards = all;
    }

    private Shards shards() {
        if (shards == null) {
            throw new IllegalStateException("the hub has not begun");
        }
        return shards;
    }

    // ---- What the application says ----

    public void onRequest(String name, RequestHandler handler) {
        if (!Grammar.hasWildcard(name)) {
            requireName(name);
            requireFree(name, streams.containsKey(name) || requests.putIfAbsent(name, handler) != null);
            return;
        }
        TopicPattern pattern = new TopicPattern(name);
        requireFree(name, requests.putIfAbsent(name, handler) != null);
        requestPatterns.add(pattern);
    }

    public void onStream(String name, StreamHandler handler) {
        requireName(name);
        requireFree(name, requests.containsKey(name) || streams.putIfAbsent(name, handler) != null);
    }

    public void onMessage(String name, MessageHandler handler) {
        requireName(name);
        requireFree(name, messages.putIfAbsent(name, handler) != null);
    }

    private static void requireName(String name) {
        if (!Grammar.isTopic(name)) {
            throw new IllegalArgumentException("name is \"" + name
                    + "\", must be segments of letters, digits and -_~:@%$ between dots, at most 255 characters");
        }
    }

    private static void requireFree(String name, boolean taken) {
        if (taken) {
            throw new IllegalStateException("there is a handler for " + name + " already");
        }
    }

    public void onSession(BiConsumer<SessionInfo, SessionChange> listener) {
        sessionListeners.add(listener);
    }

    public void onSessionEvent(Consumer<? super SessionEvent> listener) {
        eventListeners.add(listener);
    }

    public void onStoredOffline(OfflineListener listener) {
        offlineListeners.add(listener);
    }

    // ---- Who may ----

    private interface Asking<T> {
        CompletionStage<T> ask() throws Exception;
    }

    /** Asks the application, and has the answer on the node's thread, at once where it is known at once. */
    private <T> void ask(Supplier<String> what, Asking<T> asking, Callback<T> done) {
        Answering<T> answer = new Answering<>(what, done, shards());
        CompletionStage<T> stage;
        try {
            stage = asking.ask();
        } catch (Exception thrown) { // the application's code may throw anything
            done.failed(failure(what.get(), thrown));
            return;
        }
        stage.whenComplete(answer::complete);
        answer.asked();
    }

    @Override
    public void authenticate(@Nullable String token, Callback<Identity> done) {
        ask(() -> "authentication", () -> authenticator.authenticate(token), done);
    }

    @Override
    public void authorize(SessionInfo session, Action action, String name, Callback<Boolean> done) {
        boolean allowed;
        try {
            allowed = Grammar.hasWildcard(name) || policies.allow(session, action, name);
        } catch (RuntimeException thrown) { // as above
            done.failed(failure("policy of " + name, thrown));
            return;
        }
        Authorizer asked = authorizer;
        if (!allowed || asked == null) {
            done.done(allowed);
        } else {
            ask(() -> "authorization of " + action + " " + name, () -> asked.mayDo(session, action, name), done);
        }
    }

    /** What went wrong, as the client is told; and the log, if it is not meant for the client. */
    static Failure failure(String what, Throwable thrown) {
        Throwable cause =
                thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        if (cause instanceof RefusedException refused) {
            return new Failure(refused.code(), String.valueOf(refused.getMessage()));
        }
        LOG.log(Level.WARNING, () -> "The application failed: " + what, cause);
        return new Failure(Failure.INTERNAL, "");
    }

    // ---- What comes ----

    @Override
    public void onRequest(SessionInfo session, long seq, String name, Payload payload, boolean stream) {
        Request request = new Request(session, name, payload);
        StreamHandler streamHandler = streams.get(name);
        RequestHandler handler = streamHandler == null ? handlerOf(name) : null;
        if (handler != null) {
            dispatch(
                    () -> answer(handler, request, seq),
                    thrown -> answer(session.id(), new SessionMessage.Fail(seq, failure(name, thrown))));
        } else if (streamHandler == null) {
            answer(
                    session.id(),
                    new SessionMessage.Fail(seq, new Failure(Failure.NOT_FOUND, "no handler for " + name)));
        } else if (!stream) {
            answer(
                    session.id(),
                    new SessionMessage.Fail(
                            seq, new Failure(Failure.BAD_REQUEST, name + " is answered in parts: ask for a stream")));
        } else {
            Key key = new Key(session.id(), seq);
            OpenStream sender = new OpenStream(shards(), session.id(), seq, () -> open.remove(key));
            open.put(key, sender);
            dispatch(() -> streamHandler.answer(request, sender), thrown -> {
                Failure failure = failure(name, thrown);
                sender.fail(failure.code(), failure.text());
            });
        }
    }

    private @Nullable RequestHandler handlerOf(String name) {
        RequestHandler own = requests.get(name);
        if (own != null) {
            return own;
        }
        for (TopicPattern pattern : requestPatterns) {
            if (pattern.matches(name)) {
                return requests.get(pattern.text());
            }
        }
        return null;
    }

    private interface Work {
        void run() throws Exception;
    }

    /** Runs a handler where handlers run. */
    private void dispatch(Work work, Consumer<? super Exception> failed) {
        Runnable guarded = () -> {
            try {
                work.run();
            } catch (Exception thrown) { // the application's code may throw anything
                failed.accept(thrown);
            }
        };
        try {
            executor.execute(guarded);
        } catch (RejectedExecutionException thrown) { // it was shut down, or is full
            failed.accept(thrown);
        }
    }

    private void answer(RequestHandler handler, Request request, long seq) throws Exception {
        String session = request.session().id();
        CompletionStage<Payload> stage = handler.answer(request);
        stage.whenComplete((payload, thrown) -> answer(
                session,
                thrown != null
                        ? new SessionMessage.Fail(seq, failure(request.name(), thrown))
                        : payload == null
                                ? new SessionMessage.Fail(
                                        seq,
                                        failure(
                                                request.name(),
                                                new IllegalStateException("the handler has answered with null")))
                                : new SessionMessage.Respond(seq, payload)));
    }

    /** Answers; without effect where the request is over. */
    private void answer(String session, SessionMessage message) {
        shards().assure(session, message, Callback.of(taken -> {}, failure -> {}));
    }

    @Override
    public void onReady(String session, long seq) {
        OpenStream stream = open.get(new Key(session, seq));
        if (stream != null) {
            // Not from here: who sends the next part as soon as it may would be called from within the call before.
            shards().here().execute(stream::ready);
        }
    }

    @Override
    public void onSent(String session, long seq) {
        onReady(session, seq);
    }

    @Override
    public void onCancelled(String session, long seq) {
        OpenStream stream = open.remove(new Key(session, seq));
        if (stream != null) {
            stream.cancelled();
        }
    }

    @Override
    public void onMessage(SessionInfo session, String name, Payload payload, Callback<Boolean> done) {
        MessageHandler handler = messages.get(name);
        if (handler == null) {
            done.done(false);
            return;
        }
        Answering<Boolean> answer = new Answering<>(() -> name, done, shards());
        dispatch(
                () -> {
                    handler.onMessage(new Request(session, name, payload));
                    answer.complete(true, null);
                },
                thrown -> answer.complete(null, thrown));
        answer.asked();
    }

    @Override
    public void onSession(SessionInfo session, SessionChange change) {
        sessionListeners.forEach(listener -> tell(() -> listener.accept(session, change)));
    }

    @Override
    public void onEvent(SessionEvent event) {
        eventListeners.forEach(listener -> tell(() -> listener.accept(event)));
    }

    private static void tell(Runnable listener) {
        try {
            listener.run();
        } catch (RuntimeException thrown) { // as above; the others are told all the same
            LOG.log(Level.WARNING, "A listener of sessions failed", thrown);
        }
    }

    @Override
    public void onStoredOffline(String user, Cursor cursor, Payload payload) {
        offlineListeners.forEach(listener -> dispatch(
                () -> listener.onStored(user, cursor.offset(), payload),
                thrown -> LOG.log(Level.WARNING, "A listener of messages for users who are away failed", thrown)));
    }
}
