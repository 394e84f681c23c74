package dev.bowline.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.session.engine.Callback;
import dev.bowline.session.engine.Failure;
import dev.bowline.session.engine.HandlerSignal;
import dev.bowline.session.engine.Loop;
import dev.bowline.session.engine.Retention;
import dev.bowline.session.engine.SessionMessage;
import dev.bowline.session.engine.SessionMessage.Receipt;
import dev.bowline.session.engine.SessionStore.Credentials;
import dev.bowline.session.engine.SessionStore.Kept;
import dev.bowline.session.engine.UserMessage;
import dev.bowline.session.wire.Cursor;
import dev.bowline.session.wire.Payload;
import dev.bowline.testkit.Await;
import dev.bowline.testkit.RedisProcess;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Processes that stand still or end, and a Redis that goes away, as nodes of other processes see it. */
@Tag("once")
class ProcessFailuresTest {
    private static final long LEASE_MILLIS = 300;
    private static final Retention ALL = new Retention(1_000, 1_000_000, 1_000_000);

    private final RedisProcess redis = RedisProcess.launch("--appendonly", "yes", "--appendfsync", "always");
    private final Map<Loop, RedisEngine> engines = new LinkedHashMap<>();
    private final List<Loop> running = new ArrayList<>();
    private final List<SessionMessage> taken = new ArrayList<>(); // by sessions, wherever they are
    private final Map<Loop, List<String>> told = new HashMap<>();
    private RedisOptions options = RedisOptions.of(redis.uri()).withTimeout(Duration.ofMillis(300));

    /** A node in a process of its own. */
    private Loop node() {
        RedisEngine engine = new RedisEngine(options, LEASE_MILLIS);
        Loop node = new Loop(engine, taken::add, () -> RedisTestBase.get(engine.roundTrip()));
        engines.put(node, engine);
        running.add(node);
        running.forEach(
                one -> RedisTestBase.get(engineOf(one).site().processes().beat())); // all know it
        return node;
    }

    private RedisEngine engineOf(Loop node) {
        return Objects.requireNonNull(engines.get(node), "a node of the test's");
    }

    private static String process(Loop node) {
        return node.engine().process();
    }

    /** Ends a node's process as SIGKILL does. */
    private void kill(Loop node) {
        running.remove(node);
        engineOf(node).kill();
    }

    /** All nodes go on until something has come about. */
    private void until(String what, BooleanSupplier condition) {
        Await.until(what, () -> {
            Loop.run(running.toArray(Loop[]::new));
            return condition.getAsBoolean();
        });
    }

    /** A node is told something, and whatever else; or has been, since its notes were last forgotten. */
    private void expect(Loop node, String note) {
        until("\"" + note + "\"", () -> told(node).contains(note));
        assertThat(told(node)).containsOnlyOnce(note);
    }

    private List<String> told(Loop node) {
        List<String> all = told.computeIfAbsent(node, any -> new ArrayList<>());
        all.addAll(node.notes());
        return all;
    }

    private Object keep(Loop node, Credentials session, String pattern) {
        return keep(node, session, false, pattern);
    }

    private Object keep(Loop node, Credentials session, boolean whole, String pattern) {
        Map<String, byte @Nullable []> changes = new HashMap<>();
        changes.put(pattern, "0".getBytes(StandardCharsets.UTF_8));
        List<Object> results = new ArrayList<>();
        node.engine()
                .sessions()
                .keep(
                        session.id(),
                        1,
                        whole,
                        changes,
                        Callback.of(results::add, failure -> results.add(failure.code())));
        until("an answer", () -> !results.isEmpty());
        return results.get(0);
    }

    private Object isConnected(Loop node, String user) {
        List<Object> results = new ArrayList<>();
        node.engine().sessions().isConnected(user, Callback.of(results::add, failure -> results.add(failure.code())));
        until("an answer", () -> !results.isEmpty());
        return results.get(0);
    }

    private Object say(Loop node, Credentials session, SessionMessage message) {
        List<Object> results = new ArrayList<>();
        node.engine()
                .bus()
                .toSession(session.id(), message, Callback.of(results::add, failure -> results.add(failure.code())));
        until("an answer", () -> !results.isEmpty());
        return results.get(0);
    }

    private Object append(Loop node, String topic) {
        List<Object> results = new ArrayList<>();
        node.engine()
                .log()
                .append(
                        topic,
                        topic,
                        ALL,
                        Payload.NONE,
                        null,
                        null,
                        0,
                        Callback.of(results::add, failure -> results.add(failure.code())));
        until("an answer", () -> !results.isEmpty());
        return results.get(0);
    }

    // ---- Processes that end ----

    @Test
    void whatWasKeptOfASessionOutlivesItsProcess() {
        Loop a = node();
        Loop b = node();
        Credentials session = a.create("ada");
        assertThat(keep(a, session, "orders.*")).isEqualTo(Kept.DONE);
        append(b, "orders.1");
        kill(a);
        b.claim(session);
        expect(b, "granted");
        expect(b, "grown orders.1 orders.1 behind 0"); // which the pattern says that was kept
        expect(b, "gone " + process(a));
        assertThat(b.engine().isAlive(process(a))).isFalse();
        assertThat(isConnected(b, "ada")).isEqualTo(true);
    }

    @Test
    void aClaimNeedNotWaitWhereTheProcessIsKnownToHaveGone() {
        Loop a = node();
        Loop b = node();
        Credentials session = a.create("ada");
        kill(a);
        expect(b, "gone " + process(a));
        assertThat(isConnected(b, "ada")).isEqualTo(false);
        b.claim(session);
        expect(b, "granted");
    }

    @Test
    void aSessionThatNobodyClaimsEndsOnceWithItsWindow() {
        options = options.withWindow(Duration.ofSeconds(1));
        Loop a = node();
        Loop b = node();
        Loop c = node();
        Credentials session = a.create("ada");
        Credentials other = b.create("eve");
        kill(a);
        String over = "over " + session.id();
        until("it is over", () -> told(b).contains(over) || told(c).contains(over));
        until("users are known", () -> users(c).equals(List.of("eve")));
        List<String> all = new ArrayList<>(told(b));
        all.addAll(told(c));
        assertThat(all).containsOnlyOnce("over " + session.id()).doesNotContain("over " + other.id());
        c.claim(session);
        expect(c, "refused expired");
        assertThat(b.has(other)).isTrue();
    }

    private List<String> users(Loop node) {
        List<List<String>> results = new ArrayList<>();
        node.engine().sessions().users(Callback.of(results::add, failure -> {
            throw new AssertionError(failure);
        }));
        until("an answer", () -> !results.isEmpty());
        return results.get(0);
    }

    @Test
    void aSessionOfANodeThatLeftEndsOnceWithItsWindow() {
        options = options.withWindow(Duration.ofSeconds(1));
        Loop a = node();
        Loop b = node();
        Credentials session = a.create("ada");
        a.engine().leave();
        expect(b, "over " + session.id());
        b.claim(session);
        expect(b, "refused expired");
    }

    @Test
    void aSessionThatIsOnlyHandedOverIsLostWithItsProcess() {
        options = options.withKeepSessions(false);
        Loop a = node();
        Loop b = node();
        Credentials session = a.create("ada");
        Credentials moved = a.create("ada", "orders.*");
        b.claim(moved);
        expect(b, "granted");
        kill(a);
        expect(b, "gone " + process(a));
        b.claim(session);
        expect(b, "refused lost");
        assertThat(b.has(moved)).isTrue();
        assertThat(b.engine().sessions().keeps()).isFalse();
    }

    @Test
    void anEngineThatIsClosedLeavesItsSessionsAtOnce() {
        Loop a = node();
        Loop b = node();
        Credentials session = a.create("ada");
        engineOf(a).close();
        b.claim(session);
        expect(b, "granted");
    }

    // ---- Processes that stand still ----

    @Test
    void aSessionOfANodeThatDoesNotAnswerIsTaken() {
        Loop a = node();
        Loop b = node();
        Credentials session = a.create("ada");
        a.holdReleases();
        b.claim(session);
        expect(b, "granted");
        expect(a, "taken " + session.id());
        assertThat(keep(a, session, "x")).isEqualTo(Kept.TAKEN);
        assertThat(keep(b, session, "y")).isEqualTo(Kept.DONE);
        assertThat(say(a, session, new SessionMessage.Finish(1))).isEqualTo(true);
        expect(b, "message " + new SessionMessage.Finish(1));
    }

    @Test
    void whoWasTakenForGoneChangesNothing() {
        Loop a = node();
        Loop b = node();
        Credentials session = a.create("ada");
        running.remove(a); // its thread stands still, while its process lives
        b.claim(session);
        expect(b, "granted");
        running.add(a);
        assertThat(keep(a, session, "x")).isEqualTo(Kept.TAKEN);
        a.engine().sessions().remove(session.id(), over -> assertThat(over).isFalse());
        a.engine().sessions().connected(session.id(), false);
        expect(a, "taken " + session.id());
        assertThat(isConnected(a, "ada")).isEqualTo(true);
        assertThat(keep(b, session, "y")).isEqualTo(Kept.DONE);
    }

    @Test
    void aProcessThatWasGivenUpGoesOnUnderAnotherName() {
        Loop a = node();
        Loop b = node();
        Credentials session = a.create("ada");
        String before = engineOf(a).site().processes().name();
        redis.ask("DEL bowline:{processes}");
        until(
                "it has another name",
                () -> !engineOf(a).site().processes().name().equals(before));
        until("the session is its own", () -> owner(session)
                .startsWith(engineOf(a).site().processes().name()));
        assertThat(keep(a, session, "x")).isEqualTo(Kept.DONE);
        assertThat(told(a)).doesNotContain("taken " + session.id());
        assertThat(isConnected(b, "ada")).isEqualTo(true);
        b.claim(session);
        expect(b, "granted");
        assertThat(a.has(session)).isFalse();
    }

    private String owner(Credentials session) {
        List<Object> found = RedisTestBase.get(engines.values()
                .iterator()
                .next()
                .site()
                .link()
                .run(Script.LOOK, new SessionKeys("bowline").session(session.id())));
        return Reply.text(found, 2);
    }

    // ---- Between processes ----

    @Test
    void receiptsFindTheirWayBack() {
        Loop a = node();
        Loop b = node();
        Credentials session = b.create(null);
        List<String> became = new ArrayList<>();
        Receipt receipt = new Receipt() {
            @Override
            public void received() {
                became.add("received");
            }

            @Override
            public void lost() {
                became.add("lost");
            }
        };
        assertThat(say(a, session, new SessionMessage.Direct("x", Payload.text("one"), receipt)))
                .isEqualTo(true);
        assertThat(say(a, session, new SessionMessage.Direct("x", Payload.text("two"), receipt)))
                .isEqualTo(true);
        Receipt first = receiptOf(0);
        assertThat(first.address()).startsWith(process(a) + ":");
        b.engine()
                .bus()
                .receipt(Objects.requireNonNull(first.address(), "it has one"))
                .received();
        until("it was received", () -> became.contains("received"));
        receiptOf(1).lost();
        until("it was lost", () -> became.contains("lost"));
        first.lost();
        Receipt own = a.engine().bus().addressed(session.id(), receipt);
        a.engine()
                .bus()
                .receipt(Objects.requireNonNull(own.address(), "it has one"))
                .received();
        until("it was received", () -> became.size() == 3);
        assertThat(became).containsExactly("received", "lost", "received");
    }

    private Receipt receiptOf(int index) {
        SessionMessage.Direct direct = (SessionMessage.Direct) taken.get(index);
        return Objects.requireNonNull(direct.receipt(), "it was said with one");
    }

    @Test
    void handlersAreToldInTheirProcess() {
        Loop a = node();
        Loop b = node();
        HandlerSignal signal = new HandlerSignal("id", 3, HandlerSignal.Kind.CANCELLED);
        a.engine().bus().toHandler(process(b), signal);
        expect(b, "signal " + signal);
        told(b).clear();
        b.engine().bus().toHandler(process(b), signal);
        expect(b, "signal " + signal);
        assertThat(told(a)).isEmpty();
    }

    @Test
    void aRevokeReachesASessionThatNobodyHas() {
        Loop a = node();
        Loop b = node();
        Credentials session = a.create("ada");
        kill(a);
        b.engine().bus().toUser("ada", new UserMessage.Revoke("fired"));
        for (int i = 0; i < 20; i++) { // more than are kept of the others
            b.engine().bus().toUser("ada", new UserMessage.ReadMark(i));
        }
        RedisTestBase.get(engineOf(b).roundTrip());
        b.claim(session);
        expect(b, "granted");
        expect(b, "to ada " + new UserMessage.Revoke("fired"));
    }

    // ---- Redis ----

    @Test
    void whileRedisIsAwayNothingIsSaidToHaveHappened() {
        Loop a = node();
        Loop b = node();
        Credentials session = a.create("ada");
        a.engine().bus().follow("news");
        assertThat(append(b, "news")).isInstanceOf(Cursor.class);
        redis.kill();
        assertThat(append(b, "news")).isIn(Failure.TIMEOUT, Failure.UNAVAILABLE);
        assertThat(keep(a, session, "x")).isIn(Failure.TIMEOUT, Failure.UNAVAILABLE);
        assertThat(say(b, session, new SessionMessage.Finish(1))).isIn(Failure.TIMEOUT, Failure.UNAVAILABLE);
        assertThat(say(a, session, new SessionMessage.Finish(2)))
                .as("it is here")
                .isEqualTo(true);
        a.engine().sessions().connected(session.id(), false);
        b.engine().bus().toUser("ada", new UserMessage.Revoke("fired"));
        redis.start();
        expect(a, "to ada " + new UserMessage.Revoke("fired"));
        until("what was not told is told later", () -> isConnected(b, "ada").equals(false));
        until("it is known that some may be lost", () -> keep(a, session, "x").equals(Kept.INCOMPLETE));
        until("it is kept again", () -> keep(a, session, true, "x").equals(Kept.DONE));
        assertThat(keep(a, session, "y")).isEqualTo(Kept.DONE);
        until("it is appended again", () -> append(b, "news") instanceof Cursor);
        b.claim(session);
        expect(b, "granted");
    }

    @Test
    void aSessionThatNobodyHasIsLostWhereRedisMayHaveLostSomeOfIt() {
        Loop a = node();
        Loop b = node();
        Credentials session = a.create("ada");
        Credentials other = b.create("eve");
        assertThat(keep(a, session, "x")).isEqualTo(Kept.DONE);
        assertThat(keep(b, other, "x")).isEqualTo(Kept.DONE);
        kill(a);
        redis.kill();
        redis.start(); // with all that it had, as it happens
        until("it is known that some may be lost", () -> keep(b, other, "x").equals(Kept.INCOMPLETE));
        expect(b, "gone " + process(a)); // until then it is asked
        b.claim(session);
        expect(b, "refused lost");
        assertThat(keep(b, other, true, "x")).isEqualTo(Kept.DONE);
        Loop c = node();
        kill(b);
        c.claim(other);
        expect(c, "granted");
    }

    @Test
    void receiptsOfASessionThatIsGoneAreLost() {
        options = options.withKeepSessions(false).withWindow(Duration.ofSeconds(1));
        Loop a = node();
        Loop b = node();
        Credentials session = b.create(null);
        List<String> became = new ArrayList<>();
        a.engine().bus().addressed(session.id(), new Receipt() {
            @Override
            public void received() {
                became.add("received");
            }

            @Override
            public void lost() {
                became.add("lost");
            }
        });
        kill(b);
        until("it is lost", () -> became.equals(List.of("lost")));
        assertThat(a.notes()).doesNotContain("over " + session.id());
    }

    @Test
    void whatGrewWhileNothingWasHeardIsTold() {
        Loop a = node();
        Loop b = node();
        a.engine().bus().follow("news");
        a.followAll("orders.*");
        RedisTestBase.get(engineOf(a).roundTrip());
        until("it has heard of itself", () -> engineOf(a).isSound());
        redis.ask("CLIENT KILL TYPE pubsub");
        append(b, "news");
        append(b, "orders.1");
        until("news has grown", () -> told(a).contains("grown news news behind 0"));
        until("orders.1 has grown", () -> told(a).contains("grown orders.1 orders.1 behind 0"));
    }

    // ---- A process that ends as it should ----

    @Test
    void sessionsOfNodesThatLeftJustBeforeAreNobodysWhenTheirEngineIsClosed() {
        for (int i = 1; i <= 10; i++) {
            Loop node = node();
            node.create("ada");
            node.create(null);
            redis.ask("SCRIPT FLUSH"); // so that it takes some more to and fro
            running.remove(node);
            node.engine().leave();
            engineOf(node).close();
            assertThat(redis.ask("ZCARD " + options.prefix() + ":due")).isEqualTo(":" + 2 * i);
        }
    }

    @AfterEach
    void stop() {
        engines.values().forEach(RedisEngine::close);
        redis.close();
    }
}
