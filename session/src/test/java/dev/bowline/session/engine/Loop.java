package dev.bowline.session.engine;

import dev.bowline.session.engine.SessionStore.Claim;
import dev.bowline.session.engine.SessionStore.Claimant;
import dev.bowline.session.wire.TopicPattern;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final List<String> noted = new ArrayList<>();
    private final Map<String, SessionState> sessions = new HashMap<>();
    private final Map<String, Runnable> held = new HashMap<>();
    private boolean holding;
    private @Nullable Claim keeping; // the answer to the next claim; null where that is granted
    private final Membership engine;
    private final Consumer<SessionMessage> taken;

    /** What goes from node to node in place of a session. */
    private record Token(String id, List<TopicPattern> patterns) implements SessionState {
        @Override
        public Map<String, byte[]> parts() {
            return Map.of();
        }
    }

    public Loop(Engine engine) {
        this(engine, message -> {});
    }

    /**
     * @param taken is told of each message that a session takes
     */
    Loop(Engine engine, Consumer<SessionMessage> taken) {
        this.taken = taken;
        this.engine = engine.join(this);
    }

    Membership engine() {
        return engine;
    }

    // ---- Its thread ----

    @Override
    public void execute(Runnable task) {
        tasks.addLast(task);
    }

    /** Runs the task that waits longest. */
    void step() {
        tasks.removeFirst().run();
    }

    boolean isIdle() {
        return tasks.isEmpty();
    }

    /** Runs everything that these have to do, in turn. */
    static void run(Loop... loops) {
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

    /** Follows a pattern; where the engine can say at once that it does. */
    void followAll(String pattern) {
        engine.bus().followAll(new TopicPattern(pattern), Bus.FROM_NOW, Callback.of(followed -> {}, UNEXPECTED));
    }

    // ---- Its sessions ----

    /** Makes a session, of nobody's or a user's. */
    SessionStore.Credentials create(@Nullable String user, String... patterns) {
        List<SessionStore.Credentials> made = new ArrayList<>();
        engine.sessions().create(user, Callback.of(made::add, UNEXPECTED));
        SessionStore.Credentials credentials = made.get(0);
        List<TopicPattern> followed = new ArrayList<>();
        for (String pattern : patterns) {
            followed.add(new TopicPattern(pattern));
            followAll(pattern);
        }
        sessions.put(credentials.id(), new Token(credentials.id(), followed));
        return credentials;
    }

    /** Wants a session; notes whether it got it. */
    void claim(SessionStore.Credentials credentials) {
        claim(credentials, 1, null);
    }

    void claim(SessionStore.Credentials credentials, long attempt, @Nullable String user) {
        engine.sessions()
                .claim(
                        new Claimant(credentials.id(), credentials.token(), attempt, user != null, user),
                        Callback.of(
                                claim -> {
                                    if (claim instanceof SessionStore.Claim.Granted granted) {
                                        sessions.put(granted.state().id(), granted.state());
                                        noted.add("granted");
                                    } else if (claim instanceof SessionStore.Claim.Refused refused) {
                                        noted.add("refused " + refused.reason());
                                    } else {
                                        noted.add("superseded");
                                    }
                                },
                                UNEXPECTED));
    }

    boolean has(SessionStore.Credentials credentials) {
        return sessions.containsKey(credentials.id());
    }

    /** Loses a session, as when its window is over. */
    void end(SessionStore.Credentials credentials) {
        sessions.remove(credentials.id());
        engine.sessions().remove(credentials.id(), own -> {});
    }

    /** Does not give a session up the next time it is asked for one. */
    void keepsNext(Claim answer) {
        keeping = answer;
    }

    /** Does not answer at once when it is asked for a session. */
    void holdReleases() {
        holding = true;
    }

    void answerRelease(SessionStore.Credentials credentials) {
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
        SessionState given = sessions.remove(claimant.session());
        return given == null ? new Release.Over() : new Release.Given(given);
    }

    // ---- What it is told ----

    /** What it was told since. */
    List<String> notes() {
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
