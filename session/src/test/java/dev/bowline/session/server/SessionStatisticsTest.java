package dev.bowline.session.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.session.engine.Failure;
import dev.bowline.session.engine.Log;
import dev.bowline.session.engine.SessionMessage;
import dev.bowline.session.memory.MemoryEngine;
import dev.bowline.session.server.ServerHarness.Peer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What nodes count, by what clients really do to them. */
class SessionStatisticsTest {
    private static final long MILLI = 1_000_000;

    private final List<HeldEngine> made = new ArrayList<>();

    @RegisterExtension
    private final ServerHarness server = new ServerHarness(secrets -> {
        HeldEngine late = new HeldEngine(new MemoryEngine(secrets), Log.class, "read");
        made.add(late);
        return late;
    });

    private final HeldEngine reads = made.get(0);

    @AfterEach
    void forget() {
        server.forget(); // what clients are told is what other tests are about
    }

    private SessionStatistics ofA() {
        return server.a.node.statistics();
    }

    private SessionStatistics ofBoth() {
        return ofA().plus(server.b.node.statistics());
    }

    /** Those that were counted at all. */
    private static Map<String, Long> counted(Map<String, Long> counts) {
        Map<String, Long> found = new TreeMap<>(counts);
        found.values().removeIf(count -> count == 0);
        return found;
    }

    private Peer resume(ServerHarness.TestNode node, String session, String token, int seen, int attempt, String more) {
        return node.connect().says("hello\nresume " + session + " " + token + " " + seen + " " + attempt + more);
    }

    @Test
    void allThatIsEverCountedHasItsNameFromTheBeginning() {
        assertThat(ofA()).isEqualTo(SessionStatistics.NONE);
        server.openAs("ada").says("sub 1 news", "bye");
        assertThat(ofA().ended().keySet())
                .isEqualTo(SessionStatistics.NONE.ended().keySet());
        assertThat(ofA().engine().keySet())
                .isEqualTo(SessionStatistics.NONE.engine().keySet());
        assertThat(SessionStatistics.NONE.plus(ofA())).isEqualTo(ofA());
    }

    // ---- Sessions ----

    @Test
    void sessionsAreCountedAsTheyStartLoseTheirConnectionComeBackAndEnd() {
        Peer one = server.open();
        Peer two = server.openAs("ada");
        assertThat(ofA().sessions()).isEqualTo(2);
        assertThat(ofA().connected()).isEqualTo(2);
        assertThat(ofA().started()).isEqualTo(2);
        one.breaks();
        assertThat(ofA().sessions()).isEqualTo(2);
        assertThat(ofA().connected()).isEqualTo(1);
        assertThat(counted(ofA().suspended())).isEqualTo(Map.of("1006", 1L));
        resume(server.a, "memory-s1", "t1", 0, 1, "");
        assertThat(ofA().connected()).isEqualTo(2);
        assertThat(counted(ofA().resumes())).isEqualTo(Map.of("resumed", 1L));
        two.says("bye");
        assertThat(ofA().sessions()).isEqualTo(1);
        assertThat(ofA().connected()).isEqualTo(1);
        assertThat(counted(ofA().ended())).isEqualTo(Map.of("bye", 1L));
    }

    @Test
    void aConnectionThatTakesOverIsNoSecondOne() {
        server.open();
        resume(server.a, "memory-s1", "t1", 0, 1, "");
        assertThat(ofA().connected()).isEqualTo(1);
        assertThat(counted(ofA().suspended())).isEmpty();
    }

    @Test
    void aSessionThatMovesIsTheOtherNodes() {
        server.open().breaks();
        resume(server.b, "memory-s1", "t1", 0, 1, "");
        assertThat(ofA().sessions()).isZero();
        assertThat(ofA().connected()).isZero();
        SessionStatistics b = server.b.node.statistics();
        assertThat(b.sessions()).isEqualTo(1);
        assertThat(b.connected()).isEqualTo(1);
        assertThat(b.moved()).isEqualTo(1);
        assertThat(ofBoth().started()).isEqualTo(1);
        assertThat(counted(ofBoth().ended())).isEmpty();
    }

    @Test
    void clientsThatWantToGoOnAreCountedByWhatBecameOfThem() {
        server.openAs("ada").breaks();
        resume(server.a, "memory-s1", "wrong", 0, 1, "\nauth ada");
        resume(server.a, "memory-s1", "t1", 0, 2, "\nauth eve");
        resume(server.a, "memory-s1", "t1", 0, 3, "");
        resume(server.a, "memory-s1", "t1", 0, 3, "");
        server.pass(100_000);
        resume(server.b, "memory-s1", "t1", 0, 4, "");
        assertThat(counted(ofBoth().resumes()))
                .isEqualTo(Map.of("token", 1L, "user", 1L, "resumed", 1L, "expired", 1L));
        assertThat(counted(ofBoth().refusedHellos())).isEqualTo(Map.of("superseded", 1L));
    }

    @Test
    void whoNeverGetsToSpeakForASessionIsCountedByTheReason() {
        server.a.connect().says("hello\nauth bad");
        server.a.connect().says("hello\nauth down");
        server.a.connect().says("what");
        server.a.connect().breaks();
        server.a.connect();
        server.pass(10_000);
        assertThat(counted(ofA().refusedHellos()))
                .isEqualTo(Map.of(
                        "not-authenticated", 1L, "unavailable", 1L, "violation", 1L, "gone", 1L, "no-hello", 1L));
        for (int i = 0; i <= ServerHarness.OPTIONS.maxSessions(); i++) {
            server.open();
        }
        assertThat(ofA().refusedHellos()).containsEntry("no-room", 1L);
        assertThat(counted(ofA().refused())).isEqualTo(Map.of("sessions", 1L));
        for (int i = 0; i < ServerHarness.OPTIONS.hellosPerSecond(); i++) {
            server.a.connect().says("hello");
        }
        assertThat(ofA().refused().get("hellos")).isPositive();
    }

    @Test
    void endsAreCountedByTheReason() {
        server.open().breaks();
        server.pass(60_000);
        server.openAs("ada:5000");
        server.passAlive(server.openAs("eve"), 5_000);
        server.a.tell("memory-s3", new SessionMessage.End(4711, "enough"));
        server.open().says("ack 7");
        server.open();
        server.a.node.stop(server.now());
        assertThat(counted(ofA().ended()))
                .isEqualTo(Map.of(
                        "expired", 1L, "not-authenticated", 1L, "application", 1L, "violation", 1L, "leaving", 1L));
        assertThat(ofA().sessions()).isZero();
        assertThat(ofA().connected()).isZero();
    }

    // ---- Commands and messages ----

    @Test
    void commandsAreCountedByTheirVerbAndResultsByTheirCode() {
        server.a.application.deny("PUBLISH news");
        Peer client = server.openAs("ada");
        client.says("sub 1 room", "pub 2 news\nx", "pub 3 room\nx", "req 4 time", "send 5 chat\nhi", "ack 4");
        server.a.tell("memory-s1", new SessionMessage.Fail(4, failure("orders.sold-out")));
        client.says("ack 5", "read 6 1", "auth 7\nada", "unsub 8 room", "unsub 8 room");
        assertThat(counted(ofA().commands()))
                .isEqualTo(Map.of("sub", 1L, "unsub", 1L, "pub", 2L, "req", 1L, "send", 1L, "read", 1L, "auth", 1L));
        assertThat(counted(ofA().results())).isEqualTo(Map.of("ok", 6L, "forbidden", 1L, "application", 1L));
        assertThat(ofA().directMessages()).isEqualTo(8);
    }

    private static Failure failure(String code) {
        return new Failure(code, "");
    }

    @Test
    void whatFindsNoRoomIsCounted() {
        Peer client = server.open();
        client.says("sub 1 t.a", "sub 2 t.b", "ack 2", "sub 3 t.c", "sub 4 t.d", "ack 4", "sub 5 t.e", "ack 5");
        assertThat(counted(ofA().refused())).isEqualTo(Map.of("subscriptions", 1L));
        client.says("req 6 a", "req 7 b", "req 8 c", "req 9 d");
        assertThat(counted(ofA().refused())).isEqualTo(Map.of("subscriptions", 1L, "pending", 1L));
        assertThat(counted(ofA().ended())).isEqualTo(Map.of("violation", 1L));
        server.open();
        server.a.direct("memory-s2", "x".repeat(900));
        server.a.direct("memory-s2", "x".repeat(900));
        assertThat(ofA().directBytes()).isGreaterThan(1_800);
        server.a.direct("memory-s2", "x".repeat(900));
        assertThat(ofA().refused()).containsEntry("direct-log", 1L);
        assertThat(ofA().ended()).containsEntry("direct-log-full", 1L);
        assertThat(ofA().directBytes()).isZero();
    }

    @Test
    void messagesOfTopicsCountOnceForEachConnectionThatGetsThem() {
        server.open().says("sub 1 news");
        server.open().says("sub 1 news", "sub 2 typing.a");
        server.a.publish("news", "one", "two");
        server.a.publish("typing.a", "t");
        server.a.publish("nobody", "n");
        assertThat(ofA().topicMessages()).isEqualTo(5);
        assertThat(ofA().topics()).isEqualTo(2);
        assertThat(ofA().deliveries().count()).isEqualTo(3);
        assertThat(counted(ofA().replayed())).isEmpty();
    }

    @Test
    void whatComesAgainAfterACutIsReplayed() {
        Peer client = server.open();
        client.says("sub 1 news", "sub 2 few.a", "ack 2");
        server.a.publish("few.a", "zero");
        client.breaks();
        server.a.direct("memory-s1", "direct");
        server.a.publish("news", "one", "two");
        server.a.publish("few.a", "one", "two", "three", "four");
        resume(server.a, "memory-s1", "t1", 2, 1, "\ntopic few.a memory-0 1");
        assertThat(counted(ofA().replayed())).isEqualTo(Map.of("direct", 1L, "topic", 4L));
        assertThat(counted(ofA().gaps())).isEqualTo(Map.of("trimmed", 1L));
        assertThat(counted(ofA().missed())).isEqualTo(Map.of("trimmed", 2L));
        assertThat(ofA().resets()).isZero();
        server.a.publish("news", "three");
        assertThat(counted(ofA().replayed())).isEqualTo(Map.of("direct", 1L, "topic", 4L));
    }

    @Test
    void theBusiestTopicsAreNamedWithWhatWasDelivered() {
        Peer one = server.openAs("ada").says("sub 1 news", "sub 2 $mailbox");
        server.open().says("sub 1 news", "sub 2 typing.a", "sub 3 quiet");
        server.a.publish("news", "one", "two");
        server.a.publish("typing.a", "t");
        assertThat(server.a.node.topics(2))
                .containsExactlyInAnyOrder(new TopicView("news", 2, 4), new TopicView("typing.a", 1, 1));
        one.breaks();
        server.a.publish("news", "three");
        resume(server.a, "memory-s1", "t1", 0, 1, "");
        // The third once, and all three for the one that is back and does not say what it has.
        assertThat(server.a.node.topics(1)).containsExactly(new TopicView("news", 2, 4 + 1 + 3));
        assertThat(server.a.node.topics(9)).hasSize(3);
        assertThat(server.b.node.topics(9)).isEmpty();
    }

    @Test
    void whatSlowClientsMissIsCountedByTheRuleOfTheTopic() {
        Peer client = server.open();
        client.says("sub 1 drop.a", "sub 2 price.a", "sub 3 news from before-7 40");
        assertThat(ofA().resets()).isEqualTo(1);
        client.hasRoomFor(0);
        server.a.publish("drop.a", "one", "two", "three", "four", "five");
        server.a.publish("price.a", "a1", "a2");
        client.hasRoomFor(20);
        assertThat(counted(ofA().gaps())).isEqualTo(Map.of("dropped", 1L, "conflated", 1L));
        assertThat(counted(ofA().missed())).isEqualTo(Map.of("dropped", 3L, "conflated", 1L));
    }

    @Test
    void whoIsTooSlowForTooLongIsCountedByTheCloseCode() {
        Peer client = server.open();
        client.says("sub 1 news");
        client.hasRoomFor(0);
        server.a.publish("news", "one");
        server.pass(5_000);
        assertThat(counted(ofA().suspended())).isEqualTo(Map.of("4002", 1L));
    }

    // ---- Time ----

    @Test
    void aDeliveryTakesFromTheWordOfGrowthToTheLastSubscriber() {
        server.open().says("sub 1 news");
        reads.hold();
        server.a.publish("news", "one");
        server.pass(30);
        server.a.publish("news", "two"); // while the first is being read
        reads.answer();
        server.settle();
        assertThat(ofA().deliveries().count()).isEqualTo(1);
        assertThat(ofA().deliveries().sumNanos()).isEqualTo(30 * MILLI);
        reads.goOn();
        server.settle();
        assertThat(ofA().topicMessages()).isEqualTo(2);
    }

    @Test
    void theEngineIsTimedByOperationAndItsFailuresAreCounted() {
        server.open().says("sub 1 news");
        long before = read().latency().count();
        reads.hold();
        server.a.publish("news", "one");
        server.pass(40);
        reads.fail();
        assertThat(read().failures()).isEqualTo(1);
        assertThat(read().latency().count()).isEqualTo(before + 1);
        assertThat(read().latency().sumNanos()).isEqualTo(40 * MILLI);
        assertThat(operation("append").failures()).isZero();
        assertThat(operation("append").latency().count()).isEqualTo(1);
        assertThat(ofA().engine()).containsKeys("create", "claim", "remove", "keep", "enter", "follow", "say");
    }

    private SessionStatistics.Operation read() {
        return operation("read");
    }

    private SessionStatistics.Operation operation(String name) {
        return Objects.requireNonNull(ofA().engine().get(name));
    }

    @Test
    void aPingIsTimedByItsPong() {
        Peer client = server.open();
        client.says("pong"); // nobody has asked
        server.pass(20_000);
        server.pass(40);
        client.says("pong");
        assertThat(ofA().roundTrips().count()).isEqualTo(1);
        assertThat(ofA().roundTrips().sumNanos()).isEqualTo(40 * MILLI);
    }
}
