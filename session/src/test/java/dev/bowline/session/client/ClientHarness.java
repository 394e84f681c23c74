package dev.bowline.session.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.session.wire.Payload;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A client's session with its surroundings: what it sends and tells is noted, in one order, and must all be expected. */
final class ClientHarness implements ClientHandler, AfterEachCallback {
    static final String TERMS = "\nwindow 60000\nping 20000\ngrace 10000\nmax-message 1000\nmax-pending 3 500";

    private final List<String> noted = new ArrayList<>();
    private final Map<String, Runnable> reactions = new HashMap<>();
    private final ClientSession session;
    private long nowMillis = 1_000_000;

    ClientHarness() {
        // The longest wait, so that tests see its bound.
        session = new ClientSession(new ClientSessionOptions(2_000, "test/1"), "secret", bound -> bound - 1, this);
    }

    ClientSession session() {
        return session;
    }

    long now() {
        return nowMillis;
    }

    /** Lets time pass; tells the session, if it is then due. */
    void pass(long millis) {
        nowMillis += millis;
        if (nowMillis >= session.deadlineMillis()) {
            session.onTime(nowMillis);
        }
    }

    /** Opens a session and forgets what that took. */
    void open() {
        session.start(nowMillis);
        session.connected(nowMillis);
        comes("welcome\nsession s t\nuser ada\nnew" + TERMS);
        noted.clear();
    }

    /** Cuts the connection, opens the next one, and forgets what that took but for the hello. */
    String reconnect() {
        session.disconnected(1006, "", nowMillis);
        pass(session.deadlineMillis() - nowMillis);
        noted.clear();
        session.connected(nowMillis);
        assertThat(noted.remove(0)).isEqualTo("GREETING");
        return noted.remove(0);
    }

    void comes(String wire) {
        session.received(Payload.text(wire), nowMillis);
    }

    ResultListener listener(String name) {
        return new ResultListener() {
            @Override
            public void onResult(Result result) {
                note(name + " " + result);
            }

            @Override
            public void onPart(Payload part) {
                note(name + " part " + part.asText());
            }
        };
    }

    private void note(String line) {
        noted.add(line);
        Runnable reaction = reactions.remove(line);
        if (reaction != null) {
            reaction.run();
        }
    }

    /** Does something from within the callback that is noted so next. */
    void within(String line, Runnable reaction) {
        reactions.put(line, reaction);
    }

    /** Takes what was noted since. */
    List<String> drain() {
        List<String> was = List.copyOf(noted);
        noted.clear();
        return was;
    }

    /** What was noted since, all of it. */
    void expect(String... lines) {
        assertThat(drain()).containsExactly(lines);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (context.getExecutionException().isEmpty()) {
            assertThat(noted).as("nothing else").isEmpty();
            assertThat(reactions).as("everything happened").isEmpty();
        }
    }

    @Override
    public void connect() {
        note("connect");
    }

    @Override
    public void send(Payload message) {
        note("> " + message.asText().replace('\n', '|'));
    }

    @Override
    public void close(int code, String reason) {
        note("close " + code + " " + reason);
    }

    @Override
    public void onState(ClientSession.State state) {
        note(state.toString());
    }

    @Override
    public void onWelcome(String id, @Nullable String user, boolean resumed, @Nullable String reason) {
        note("welcome " + id + " " + user + (resumed ? " resumed" : " new") + (reason == null ? "" : " " + reason));
    }

    @Override
    public void onEnded(int code, String reason) {
        note("ended " + code + " " + reason);
    }

    @Override
    public void onDirect(String name, Payload payload) {
        note("direct " + name + " " + payload.asText());
    }

    @Override
    public void onTopicMessage(String topic, long offset, Payload payload) {
        note("topic " + topic + " " + offset + " " + payload.asText());
    }

    @Override
    public void onGap(String topic, long from, long to, String code) {
        note("gap " + topic + " " + from + "-" + to + " " + code);
    }

    @Override
    public void onReset(String topic, String code) {
        note("reset " + topic + " " + code);
    }

    @Override
    public void onSubscriptionEnded(String pattern, String code) {
        note("out " + pattern + " " + code);
    }

    @Override
    public void onPresent(String topic, List<String> users) {
        note("present " + topic + " " + users);
    }

    @Override
    public void onJoined(String topic, String user) {
        note("joined " + topic + " " + user);
    }

    @Override
    public void onLeft(String topic, String user) {
        note("left " + topic + " " + user);
    }

    @Override
    public void onExpiring(long millis) {
        note("expiring " + millis);
    }
}
