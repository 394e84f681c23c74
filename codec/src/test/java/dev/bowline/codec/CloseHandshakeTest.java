package dev.bowline.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.codec.CloseEvent.Origin;
import dev.bowline.testkit.Seeded;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** RFC 6455 §7: every path through the closing handshake. */
final class CloseHandshakeTest {
    private static final Duration TIMEOUT = Duration.ofNanos(5_000);
    private static final ProtocolError VERDICT = Violation.RESERVED_OPCODE.error("0x3");

    private static CloseHandshake handshake(Role role) {
        return new CloseHandshake(role, TIMEOUT);
    }

    private static CloseEvent event(int code, String reason, boolean clean, Origin by, @Nullable ProtocolError error) {
        return new CloseEvent(code, reason, clean, by, error);
    }

    @Nested
    final class Open {
        @Test
        void wantsNothing() {
            CloseHandshake open = handshake(Role.SERVER);
            assertThat(open.isOpen()).isTrue();
            assertThat(open.discardsInput()).isFalse();
            assertThat(open.hasDeadline()).isFalse();
            assertThat(open.tcp()).isEqualTo(TcpAction.KEEP);
        }

        @Test
        @DisplayName("§7.1.5: the stream ends without a Close frame: 1006")
        void endOfStreamIsAbnormal() {
            CloseHandshake lost = handshake(Role.CLIENT);
            lost.endOfStream();
            assertThat(lost.tcp()).isEqualTo(TcpAction.DROP);
            assertThat(lost.isOpen()).isFalse();
            assertThat(lost.discardsInput()).isTrue();
            assertThat(lost.event())
                    .isEqualTo(event(1006, "the TCP stream ended without a Close frame", false, Origin.NETWORK, null));
        }

        @ParameterizedTest
        @EnumSource(Origin.class)
        void lossIsTheOwnersToExplain(Origin by) {
            CloseHandshake lost = handshake(Role.SERVER);
            ProtocolError cause = Violation.HEARTBEAT_TIMEOUT.error();
            lost.lose(by, "because", cause);
            assertThat(lost.tcp()).isEqualTo(TcpAction.DROP);
            assertThat(lost.hasDeadline()).isFalse();
            assertThat(lost.event()).isEqualTo(event(1006, "because", false, by, cause));
        }
    }

    @Nested
    @DisplayName("§7.1.2: we close first")
    final class WeCloseFirst {
        private final CloseHandshake server = handshake(Role.SERVER);

        WeCloseFirst() {
            server.closeSent(1_000);
        }

        @Test
        void readsOnUntilTheDeadline() {
            assertThat(server.isOpen()).isFalse();
            assertThat(server.discardsInput()).isFalse();
            assertThat(server.tcp()).isEqualTo(TcpAction.KEEP);
            assertThat(server.hasDeadline()).isTrue();
            assertThat(server.deadlineNanos()).isEqualTo(6_000);
        }

        @Test
        void theAnswerMakesItClean() {
            server.closeReceived(1000, "bye", 2_000);
            assertThat(server.tcp()).isEqualTo(TcpAction.HALF_CLOSE);
            assertThat(server.deadlineNanos()).isEqualTo(7_000);
            assertThat(server.event()).isEqualTo(event(1000, "bye", true, Origin.LOCAL, null));
        }

        @Test
        void withoutAnAnswerItTimesOut() {
            server.timeOut();
            ProtocolError late = Violation.CLOSE_TIMEOUT.error();
            assertThat(server.tcp()).isEqualTo(TcpAction.DROP);
            assertThat(server.hasDeadline()).isFalse();
            assertThat(server.event()).isEqualTo(event(1006, late.message(), false, Origin.LOCAL, late));
        }

        @Test
        void theStreamMayEndInstead() {
            server.endOfStream();
            assertThat(server.tcp()).isEqualTo(TcpAction.DROP);
            assertThat(server.event())
                    .isEqualTo(event(1006, "the TCP stream ended without a Close frame", false, Origin.LOCAL, null));
        }

        @Test
        void aVerdictOnThePeerEndsTheWait() {
            server.fail(VERDICT, 3_000);
            assertThat(server.discardsInput()).isTrue();
            assertThat(server.tcp()).isEqualTo(TcpAction.HALF_CLOSE);
            assertThat(server.event()).isEqualTo(event(1002, VERDICT.message(), false, Origin.LOCAL, VERDICT));
        }
    }

    @Nested
    @DisplayName("§5.5.1: the peer closes first")
    final class ThePeerClosesFirst {
        @Test
        @DisplayName("§7.1.1: a server ends the TCP stream, and reads on until the client has ended it too")
        void aServerEndsTheStreamFirst() {
            CloseHandshake server = handshake(Role.SERVER);
            server.closeReceived(1001, "away", 1_000);
            assertThat(server.discardsInput()).isTrue();
            assertThat(server.tcp()).isEqualTo(TcpAction.HALF_CLOSE);
            assertThat(server.deadlineNanos()).isEqualTo(6_000);
            CloseEvent clean = event(1001, "away", true, Origin.REMOTE, null);
            assertThat(server.event()).isEqualTo(clean);
            server.endOfStream();
            assertThat(server.tcp()).isEqualTo(TcpAction.CLOSE);
            assertThat(server.event()).isEqualTo(clean);
        }

        @Test
        @DisplayName("§7.1.1: a client waits for the server to do it, for a limited time")
        void aClientWaitsForTheServer() {
            CloseHandshake client = handshake(Role.CLIENT);
            client.closeReceived(1001, "away", 1_000);
            assertThat(client.tcp()).isEqualTo(TcpAction.KEEP);
            assertThat(client.deadlineNanos()).isEqualTo(6_000);
            CloseEvent clean = event(1001, "away", true, Origin.REMOTE, null);
            assertThat(client.event()).isEqualTo(clean);
            client.endOfStream();
            assertThat(client.tcp()).isEqualTo(TcpAction.CLOSE);
            assertThat(client.event()).isEqualTo(clean);
        }

        @ParameterizedTest
        @EnumSource(Role.class)
        @DisplayName("a stream that will not end is dropped, and the closing stays clean")
        void theDeadlineDropsTheStream(Role role) {
            CloseHandshake done = handshake(role);
            done.closeReceived(1000, "", 1_000);
            done.timeOut();
            assertThat(done.tcp()).isEqualTo(TcpAction.DROP);
            assertThat(done.event()).isEqualTo(event(1000, "", true, Origin.REMOTE, null));
        }
    }

    @Nested
    @DisplayName("§7.1.7: the peer broke a rule")
    final class Failed {
        private final CloseHandshake failed = handshake(Role.SERVER);

        Failed() {
            failed.fail(VERDICT, 1_000);
        }

        @Test
        void isHalfClosedUntilTheDeadline() {
            assertThat(failed.tcp()).isEqualTo(TcpAction.HALF_CLOSE);
            assertThat(failed.discardsInput()).isTrue();
            assertThat(failed.deadlineNanos()).isEqualTo(6_000);
            failed.timeOut();
            assertThat(failed.tcp()).isEqualTo(TcpAction.DROP);
            assertThat(failed.event()).isEqualTo(event(1002, VERDICT.message(), false, Origin.LOCAL, VERDICT));
        }

        @Test
        @DisplayName("a peer that ended only its sending side still gets our Close frame")
        void theEndOfThePeersSideDoesNotCutOffOurCloseFrame() {
            failed.endOfStream();
            assertThat(failed.tcp()).isEqualTo(TcpAction.CLOSE);
            assertThat(failed.hasDeadline()).as("it may not read at all").isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    @DisplayName(
            "on any path TcpAction moves down only, who closed is settled once, the event is final when it must be")
    void holdsItsInvariantsOnAnyPath(Role role) {
        Seeded.run(3_000, random -> {
            CloseHandshake tested = handshake(role);
            List<String> path = new ArrayList<>();
            TcpAction before = tested.tcp();
            CloseEvent last = null;
            Origin by = null;
            for (int step = 0; step < 8; step++) {
                path.add(step(tested, random));
                CloseEvent now = tested.event();
                assertThat(tested.tcp()).as("%s", path).isGreaterThanOrEqualTo(before);
                if (by != null) {
                    assertThat(now.closedBy()).as("%s", path).isEqualTo(by);
                }
                if (before.compareTo(TcpAction.CLOSE) >= 0) {
                    assertThat(now).as("%s", path).isEqualTo(last);
                }
                assertThat(tested.isOpen() && (tested.hasDeadline() || tested.tcp() != TcpAction.KEEP))
                        .as("%s", path)
                        .isFalse();
                assertThat(tested.isOpen() || tested.hasDeadline() || tested.tcp() == TcpAction.DROP)
                        .as("never waits for ever: %s", path)
                        .isTrue();
                before = tested.tcp();
                last = now;
                by = tested.isOpen() ? null : now.closedBy();
            }
        });
    }

    /** A random transition that the protocol object may make in this state. */
    private static String step(CloseHandshake tested, Seeded random) {
        switch (random.intBetween(0, 5)) {
            case 0 -> {
                if (tested.isOpen()) {
                    tested.closeSent(random.nextInt());
                    return "closeSent";
                }
            }
            case 1 -> {
                if (!tested.discardsInput()) {
                    tested.closeReceived(1001, "away", random.nextInt());
                    return "closeReceived";
                }
            }
            case 2 -> {
                if (!tested.discardsInput()) {
                    tested.fail(VERDICT, random.nextInt());
                    return "fail";
                }
            }
            case 3 -> {
                tested.endOfStream();
                return "endOfStream";
            }
            case 4 -> {
                if (tested.hasDeadline()) {
                    tested.timeOut();
                    return "timeOut";
                }
            }
            default -> {
                tested.lose(random.oneOf(Origin.values()), "lost", null);
                return "lose";
            }
        }
        return "-";
    }
}
