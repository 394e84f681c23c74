package dev.bowline.session.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.session.server.ServerHarness.Peer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The life of a session, as the application can follow it. */
class SessionEventTest {
    private static final SessionInfo ADA = new SessionInfo("memory-s1", "ada", null);

    @RegisterExtension
    private final ServerHarness server = new ServerHarness();

    private final List<SessionEvent> ofA = server.a.application.events;
    private final List<SessionEvent> ofB = server.b.application.events;

    @AfterEach
    void forget() {
        server.forget(); // what clients are told is what other tests are about
    }

    @Test
    void isToldFromItsStartThroughCutAndReturnToItsEnd() {
        Peer client = server.openAs("ada");
        client.says("sub 1 few.a", "ack 1");
        client.breaks();
        server.pass(7_000);
        server.a.direct("memory-s1", "direct");
        server.a.publish("few.a", "one", "two", "three");
        server.a.connect().says("hello\nresume memory-s1 t1 1 1").says("bye");
        assertThat(ofA)
                .containsExactly(
                        new SessionEvent.Started(ADA),
                        new SessionEvent.Suspended(ADA, 1006),
                        new SessionEvent.Resumed(ADA, 7_000, 1),
                        new SessionEvent.CaughtUp(ADA, 0, 2, 1, 1, 0),
                        new SessionEvent.Ended(ADA, 1000, "bye"));
    }

    @Test
    void isCaughtUpWhenItsClientHasHadTheRoomForAll() {
        Peer client = server.openAs("ada");
        client.says("sub 1 news", "ack 1");
        client.breaks();
        server.a.publish("news", "one", "two", "three");
        Peer again = server.a.connect();
        again.hasRoomFor(1);
        again.says("hello\nresume memory-s1 t1 1 1\ntopic news before-7 2");
        ofA.clear();
        server.passAlive(again, 3_000);
        assertThat(ofA).isEmpty();
        again.hasRoomFor(5);
        assertThat(ofA).containsExactly(new SessionEvent.CaughtUp(ADA, 3_000, 3, 0, 0, 1));
        server.a.publish("news", "four");
        assertThat(ofA).hasSize(1);
    }

    @Test
    void isNotCaughtUpWhoseConnectionEndsBefore() {
        Peer client = server.openAs("ada");
        client.says("sub 1 news", "ack 1");
        client.breaks();
        server.a.publish("news", "one", "two");
        Peer again = server.a.connect();
        again.hasRoomFor(1);
        again.says("hello\nresume memory-s1 t1 1 1");
        again.breaks();
        server.a.connect().says("hello\nresume memory-s1 t1 1 2");
        assertThat(ofA)
                .filteredOn(SessionEvent.CaughtUp.class::isInstance)
                .containsExactly(new SessionEvent.CaughtUp(ADA, 0, 2, 0, 0, 0));
    }

    @Test
    void isCaughtUpWhoUnsubscribesFromWhatIsStillToCome() {
        Peer client = server.openAs("ada");
        client.says("sub 1 news", "ack 1");
        client.breaks();
        server.a.publish("news", "one", "two");
        Peer again = server.a.connect();
        again.hasRoomFor(1);
        again.says("hello\nresume memory-s1 t1 1 1");
        ofA.clear();
        again.says("unsub 2 news");
        assertThat(ofA).containsExactly(new SessionEvent.CaughtUp(ADA, 0, 1, 0, 0, 0));
    }

    @Test
    void isToldByTheNodeThatItGoesOnAt() {
        server.openAs("ada").breaks();
        server.pass(2_000);
        server.b.connect().says("hello\nresume memory-s1 t1 0 1");
        assertThat(ofB)
                .containsExactly(
                        new SessionEvent.Resumed(ADA, 2_000, 0), new SessionEvent.CaughtUp(ADA, 0, 0, 0, 0, 0));
        assertThat(ofA).containsExactly(new SessionEvent.Started(ADA), new SessionEvent.Suspended(ADA, 1006));
    }

    @Test
    void saysWithWhatTheServerClosed() {
        server.openAs("ada");
        server.pass(30_000);
        server.pass(60_000);
        assertThat(ofA)
                .containsExactly(
                        new SessionEvent.Started(ADA),
                        new SessionEvent.Suspended(ADA, CloseCodes.NOTHING_HEARD),
                        new SessionEvent.Ended(ADA, CloseCodes.COME_BACK, "expired"));
    }

    @Test
    void aConnectionThatTakesOverWasNeverAway() {
        server.openAs("ada");
        server.pass(5_000);
        server.a.connect().says("hello\nresume memory-s1 t1 0 1");
        assertThat(ofA)
                .containsExactly(
                        new SessionEvent.Started(ADA),
                        new SessionEvent.Resumed(ADA, 0, 0),
                        new SessionEvent.CaughtUp(ADA, 0, 0, 0, 0, 0));
    }

    @Test
    void sessionsCanBeLookedAt() {
        server.openAs("ada").says("sub 1 news", "sub 2 room.*", "ack 1");
        server.pass(1_000);
        server.open(server.a, "hello\nagent page/1.0").breaks();
        server.pass(500);
        assertThat(server.a.node.sessions(server.now()))
                .satisfiesExactlyInAnyOrder(
                        ada -> {
                            assertThat(ada.session()).isEqualTo(ADA);
                            assertThat(ada.connected()).isTrue();
                            assertThat(ada.forMillis()).isEqualTo(1_500);
                            assertThat(ada.subscriptions()).isEqualTo(2);
                            assertThat(ada.unacknowledged()).isEqualTo(1);
                            assertThat(ada.unacknowledgedBytes()).isPositive();
                        },
                        nobody -> assertThat(nobody)
                                .isEqualTo(new SessionView(
                                        new SessionInfo("memory-s2", null, "page/1.0"), false, 500, 0, 0, 0)));
    }
}
