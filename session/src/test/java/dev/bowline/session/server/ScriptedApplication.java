package dev.bowline.session.server;

import dev.bowline.session.engine.Callback;
import dev.bowline.session.engine.Failure;
import dev.bowline.session.wire.Cursor;
import dev.bowline.session.wire.Payload;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An application that answers by rule, or where a test holds a question back, when the test says so. It notes what it is told.
 *
 * <p>A token is the name of its user, perhaps with a colon and for how many milliseconds it holds, perhaps with a question mark and an
 * attribute, {@code name=value}; none is of nobody, and {@code bad} of nobody who may come in.
 */
final class ScriptedApplication implements Application {
    private final String node;
    private final Consumer<String> notes;
    private final Set<String> denied = new HashSet<>();
    private final Set<String> held = new HashSet<>();
    private final Map<String, Callback<Boolean>> questions = new LinkedHashMap<>();
    private final Map<String, Callback<Identity>> strangers = new LinkedHashMap<>();

    /** What it was told of sessions, beside what it notes. */
    final List<SessionEvent> events = new ArrayList<>();

    @Nullable
    private Runnable whenReady;

    ScriptedApplication(String node, Consumer<String> notes) {
        this.node = node;
        this.notes = notes;
    }

    // ---- What a test makes it do ----

    /** Refuses what is named so, such as {@code "PUBLISH news"}. */
    void deny(String question) {
        denied.add(question);
    }

    void allow(String question) {
        denied.remove(question);
    }

    /** Keeps its answer back to what is named so; of tokens, {@code "token ada"}. */
    void hold(String question) {
        held.add(question);
    }

    /** Answers what it kept back. */
    void answer(String question, boolean allowed) {
        asked(questions, question).done(allowed);
    }

    void fail(String question, String code) {
        asked(questions, question).failed(new Failure(code, ""));
    }

    void admit(String token) {
        asked(strangers, token).done(identity(token));
    }

    /** Does something whenever a stream is ready. */
    void whenReady(Runnable action) {
        whenReady = action;
    }

    private static <T> Callback<T> asked(Map<String, Callback<T>> open, String question) {
        Callback<T> callback = open.remove(question);
        if (callback == null) {
            throw new AssertionError("nobody asked " + question + ", but " + open.keySet());
        }
        return callback;
    }

    private static Identity identity(String token) {
        String[] both = token.split("\\?", 2);
        String[] attribute = both.length == 1 ? new String[0] : both[1].split("=", 2);
        Map<String, String> attributes = attribute.length == 0 ? Map.of() : Map.of(attribute[0], attribute[1]);
        String[] valid = both[0].split(":", 2);
        return new Identity(valid[0], valid.length == 1 ? Long.MAX_VALUE : Long.parseLong(valid[1]), attributes);
    }

    // ---- What it is asked ----

    @Override
    public void authenticate(@Nullable String token, Callback<Identity> done) {
        if (token == null) {
            done.done(Identity.ANONYMOUS);
        } else if (held.remove("token " + token)) {
            strangers.put(token, done);
        } else if (token.equals("bad")) {
            done.failed(new Failure(Failure.UNAUTHORIZED, ""));
        } else if (token.equals("down")) {
            done.failed(new Failure(Failure.UNAVAILABLE, ""));
        } else {
            done.done(identity(token));
        }
    }

    @Override
    public void authorize(SessionInfo session, Action action, String name, Callback<Boolean> done) {
        decide(action + " " + name, done);
    }

    private void decide(String question, Callback<Boolean> done) {
        if (held.remove(question)) {
            notes.accept(node + " asks " + question);
            questions.put(question, done);
        } else {
            done.done(!denied.contains(question));
        }
    }

    // ---- What it is told ----

    @Override
    public void onRequest(SessionInfo session, long seq, String name, Payload payload, boolean stream) {
        notes.accept(node + " request " + seq + " " + name + " " + payload.asText() + (stream ? " stream" : ""));
    }

    @Override
    public void onReady(String session, long seq) {
        notes.accept(node + " ready " + seq);
        Runnable action = whenReady;
        if (action != null) {
            action.run();
        }
    }

    @Override
    public void onCancelled(String session, long seq) {
        notes.accept(node + " cancelled " + seq);
    }

    @Override
    public void onMessage(SessionInfo session, String name, Payload payload, Callback<Boolean> done) {
        notes.accept(node + " message " + name + " " + payload.asText() + " of " + session.user()
                + (session.attributes().isEmpty() ? "" : " " + session.attributes()));
        decide("MESSAGE " + name, done);
    }

    @Override
    public void onSession(SessionInfo session, SessionChange change) {
        notes.accept(node + " " + session.id() + " " + change);
    }

    @Override
    public void onEvent(SessionEvent event) {
        events.add(event);
    }

    @Override
    public void onStoredOffline(String user, Cursor cursor, Payload payload) {
        notes.accept(node + " offline " + user + " " + cursor + " " + payload.asText());
    }
}
