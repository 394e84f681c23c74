package dev.bowline.session.engine;

import dev.bowline.session.engine.SessionStore.Claim;
import dev.bowline.session.engine.SessionStore.Claimant;
import dev.bowline.session.wire.TopicPattern;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A node as an engine sees it, for tests: its tasks run when the test says so, one by one if it likes, and what it is told is
 * noted. A session that it has is a name.
 */
public final class Loop implements NodePort {
    /** For calls that must not fail. */
    static final Consumer<Failure> UNEXPECTED = failure -> {
        throw new AssertionError(failure);
    };

    private static final AtomicLong ATTEMPTS = new AtomicLong();

    private final Deque<Runnable> tasks = new ConcurrentLinkedDeque<>();
    private final List<String> noted = new ArrayList<>();
    private final Map<String, SessionState> sessions = new HashMap<>();
    private final Map<String, Long> attempts = new HashMap<>(); // the latest that it has granted
    private final Map<String, Runnable> held = new HashMap<>();
    private boolean holding;
    private @Nullable Claim keeping; // the answer to the next claim; null where that is granted
    private final Membership engine;
    private final Consumer<SessionMessage> taken;
    private final Runnable settle;

    /**
     * What goes from node to node in place of a session.
     *
     * @param since its patterns, and since when each is followed, by the engine's clock
     */
    private record Token(String id, Map<String, Long> since) implements SessionState {
        static Token restored(SessionRecord record) {
            Map<String, Long> since = new LinkedHashMap<>();
            record.parts()
                    .forEach((pattern, time) ->
                            since.put(pattern, Long.parseLong(new String(time, StandardCharsets.UTF_8))));
            return new Token(record.id(), since);
        }

        @Override
        public List<TopicPattern> patterns() {
            return since.keySet().stream().map(TopicPattern::new).toList();
        }

        @Override
        public Map<String, byte[]> parts() {
            Map<String, byte[]> parts = new HashMap<>();
            since.forEach(
                    (pattern, time) -> parts.put(pattern, Long.toString(time).getBytes(StandardCharsets.UTF_8)));
            return parts;
        }

        @Override
        public void handedOn(boolean known) {}
    }

    public Loop(Engine engine) {
        this(engine, message -> {}, () -> {});
    }

    /**
     * @param taken is told of each message that a session takes
     * @param settle waits until nothing is under way but what is in some node's queue
     */
    public Loop(Engine engine, Consumer<SessionMessage> taken, Runnable settle) {
        this.taken = taken;
        this.settle = settle;
        this.engine = engine.join(this);
    }

    public Membership engine() {
        return engine;
    }

    // ---- Its thread ----

    @Override
    public void execute(Runnable task) {
        tasks.addLast(task);
    }

    /** Runs the task that waits longest. */
    public void step() {
        tasks.removeFirst().run();
    }

    public boolean isIdle() {
        return tasks.isEmpty();
    }

    /** Runs everything that these have to do, in turn. */
    public static void run(Loop... loops) {
        boolean ran = true;
        while (ran) {
            ran = false;
            for (Loop loop : loops) {
                if (!loop.isIdle()) {
                    loop.step();
                    ran = true;
                }
            }
        }
    }

    /** Follows a pattern from now on. */
    public void followAll(String pattern) {
        followAll(pattern, Bus.FROM_NOW, since -> {});
    }

    private void followAll(String pattern, long since, Consumer<Long> done) {
        engine.bus().followAll(new TopicPattern(pattern), since, Callback.of(done, UNEXPECTED));
    }

    // ---- Its sessions ----

    /** Makes a session, of nobody's or a user's. */
    public SessionStore.Credentials create(@Nullable String user, String... patterns) {
        List<SessionStore.Credentials> made = new ArrayList<>();
        engine.sessions().create(user, Callback.of(made::add, UNEXPECTED));
        runUntil(() -> !made.isEmpty());
        SessionStore.Credentials credentials = made.get(0);
        Map<String, Long> since = new LinkedHashMap<>();
        for (String pattern : patterns) {
            followAll(pattern, Bus.FROM_NOW, time -> since.put(pattern, time));
        }
        runUntil(() -> since.size() == patterns.length);
        sessions.put(credentials.id(), new Token(credentials.id(), since));
        return credentials;
    }

    /** Runs what it has to do until something has come about. */
    private void runUntil(BooleanSupplier done) {
        for (int i = 0; !done.getAsBoolean(); i++) {
            settle.run();
            if (!tasks.isEmpty()) {
                step();
            } else if (i > 1_000) {
                throw new AssertionError("the engine does not answer");
            }
        }
    }

    /** Wants a session, with a later attempt than any before; notes whether it got it. */
    public void claim(SessionStore.Credentials credentials) {
        claim(credentials, ATTEMPTS.incrementAndGet(), null);
    }

    public void claim(SessionStore.Credentials credentials, long attempt, @Nullable String user) {
        ATTEMPTS.accumulateAndGet(attempt, Math::max);
        engine.sessions()
                .claim(
                        new Claimant(credentials.id(), credentials.token(), attempt, user != null, user),
                        Callback.of(
                                claim -> settled(claim, attempt), failure -> noted.add("failed " + failure.code())));
    }

    private void settled(Claim claim, long attempt) {
        if (claim instanceof Claim.Granted granted) {
            has((Token) granted.state(), attempt);
        } else if (claim instanceof Claim.Restored restored) {
            has(Token.restored(restored.session()), attempt);
        } else if (claim instanceof Claim.Refused refused) {
            noted.add("refused " + refused.reason());
        } else {
            noted.add("superseded");
        }
    }

    private void has(Token token, long attempt) {
        sessions.put(token.id, token);
        attempts.put(token.id, attempt);
        noted.add("granted");
        Map.copyOf(token.since).forEach((pattern, since) -> followAll(pattern, since, time -> {}));
    }

    public boolean has(SessionStore.Credentials credentials) {
        return sessions.containsKey(credentials.id());
    }

    /** Loses a session, as when its window is over. */
    public void end(SessionStore.Credentials credentials) {
        sessions.remove(credentials.id());
        engine.sessions().remove(credentials.id(), own -> {});
    }

    /** Does not give a session up the next time it is asked for one. */
    public void keepsNext(Claim answer) {
        keeping = answer;
    }

    /** Does not answer at once when it is asked for a session. */
    public void holdReleases() {
        holding = true;
    }

    public void answerRelease(SessionStore.Credentials credentials) {
        Runnable answer = held.remove(credentials.id());
        if (answer == null) {
            throw new AssertionError("nobody asked for " + credentials.id());
        }
        answer.run();
    }

    @Override
    public void release(Claimant claimant, Consumer<Release> done) {
        Runnable answer = () -> done.accept(answer(claimant));
        if (holding) {
            held.put(claimant.session(), answer);
        } else {
            answer.run();
        }
    }

    private Release answer(Claimant claimant) {
        Claim kept = keeping;
        if (kept != null) {
            keeping = null;
            noted.add("keeps it from " + claimant);
            return new Release.Kept(kept);
        }
        if (claimant.attempt() <= attempts.getOrDefault(claimant.session(), 0L)) {
            return new Release.Kept(new Claim.Superseded());
        }
        SessionState given = sessions.remove(claimant.session());
        return given == null ? new Release.Over() : new Release.Given(given);
    }

    // ---- What it is told ----

    /** What it was told since. */
    public List<String> notes() {
        List<String> was = List.copyOf(noted);
        noted.clear();
        return was;
    }

    @Override
    public void onGrown(String topic, String name, String epoch, long before) {
        noted.add("grown " + topic + " " + name + " behind " + before);
    }

    @Override
    public void onUnlogged(String topic, Entry entry) {
        noted.add("unlogged " + topic + " " + entry.message().asText().replace('\n', '|'));
    }

    @Override
    public void onPresence(String topic, String user, boolean present) {
        noted.add((present ? "join " : "leave ") + topic + " " + user);
    }

    @Override
    public void onMessage(String session, SessionMessage message, Callback<Boolean> taken) {
        if (sessions.containsKey(session)) {
            noted.add("message " + message);
            this.taken.accept(message);
            taken.done(true);
        } else {
            engine.bus().toSession(session, message, taken);
        }
    }

    @Override
    public void onSignal(HandlerSignal signal) {
        noted.add("signal " + signal);
    }

    @Override
    public void onGone(String process) {
        noted.add("gone " + process);
    }

    @Override
    public void onTaken(String session) {
        sessions.remove(session);
        noted.add("taken " + session);
    }

    @Override
    public void onStoreChanged() {
        noted.add("the store has changed");
    }

    @Override
    public void onOver(SessionRecord session) {
        noted.add("over " + session.id());
    }

    @Override
    public void onUserMessage(String user, UserMessage message) {
        noted.add("to " + user + " " + message);
    }
}
