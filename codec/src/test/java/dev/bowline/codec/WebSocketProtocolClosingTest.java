package dev.bowline.codec;

import static dev.bowline.codec.Endpoint.inEveryCut;
import static dev.bowline.codec.Endpoint.utf8;
import static dev.bowline.codec.Endpoint.wire;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.bowline.codec.CloseEvent.Origin;
import dev.bowline.testkit.RawFrame;
import dev.bowline.testkit.Splits;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link WebSocketProtocol} while it closes: RFC 6455 §5.5.1 and §7, through the bytes of both ends. */
final class WebSocketProtocolClosingTest {
    private static final long TIMEOUT_NANOS =
            ProtocolOptions.DEFAULT.closeTimeout().toNanos();

    /** Nothing may be sent any more, and nothing that comes is told or answered. */
    private static void isSilent(Endpoint endpoint) {
        endpoint.drain();
        int told = endpoint.events.size();
        CloseEvent event = endpoint.protocol.closeEvent();
        assertThat(endpoint.protocol.isOpen()).isFalse();
        assertThat(endpoint.protocol.send(Opcode.TEXT, utf8("x"))).isFalse();
        assertThat(endpoint.protocol.send(PreparedMessage.text("x"))).isFalse();
        assertThat(endpoint.protocol.ping(ByteBuffer.allocate(0))).isFalse();
        assertThat(endpoint.protocol.pong(ByteBuffer.allocate(0))).isFalse();
        assertThat(endpoint.protocol.close(1000, "", endpoint.now)).isFalse();
        endpoint.protocol.fail(Violation.MESSAGE_RATE_EXCEEDED.error(), endpoint.now);
        endpoint.receive(RawFrame.text("late"), RawFrame.ping(), RawFrame.close(1011, ""), RawFrame.of(15));
        endpoint.protocol.outputDrained();
        assertThat(endpoint.output.isEmpty()).isTrue();
        assertThat(endpoint.events).hasSize(told);
        assertThat(endpoint.protocol.closeEvent()).isEqualTo(event);
    }

    @Nested
    @DisplayName("§5.5.1: the peer closes first")
    final class ThePeerClosesFirst {
        @ParameterizedTest
        @EnumSource(Role.class)
        void itsCodeIsEchoedAndWhatFollowsIsDiscarded(Role role) {
            byte[] bytes = wire(
                    role,
                    RawFrame.text("last"),
                    RawFrame.close(3001, "Ende, schön"),
                    RawFrame.text("discarded"),
                    RawFrame.ping(),
                    RawFrame.of(3));
            inEveryCut(role, bytes, endpoint -> {
                assertThat(endpoint.events).containsExactly("text last");
                assertThat(endpoint.sentUnmasked()).containsExactly(RawFrame.close(3001, ""));
                assertThat(endpoint.protocol.closeEvent())
                        .isEqualTo(new CloseEvent(3001, "Ende, schön", true, Origin.REMOTE, null));
                assertThat(endpoint.protocol.tcp())
                        .isEqualTo(role == Role.SERVER ? TcpAction.HALF_CLOSE : TcpAction.KEEP);
                isSilent(endpoint);
            });
        }

        @ParameterizedTest
        @EnumSource(Role.class)
        @DisplayName("§7.1.5: without a code it is 1005, and so is the answer")
        void withoutACode(Role role) {
            inEveryCut(role, wire(role, RawFrame.close()), endpoint -> {
                assertThat(endpoint.sentUnmasked()).containsExactly(RawFrame.close());
                assertThat(endpoint.protocol.closeEvent())
                        .isEqualTo(new CloseEvent(1005, "", true, Origin.REMOTE, null));
            });
        }

        @ParameterizedTest
        @EnumSource(Role.class)
        void theLongestReasonIsTold(Role role) {
            String reason = "é".repeat(61) + "!";
            inEveryCut(role, wire(role, RawFrame.close(1000, reason)), endpoint -> assertThat(
                            endpoint.protocol.closeEvent().reason())
                    .isEqualTo(reason));
        }

        @ParameterizedTest
        @EnumSource(Role.class)
        void itMayBreakOffAFragmentedMessage(Role role) {
            byte[] bytes = wire(role, RawFrame.text("half").withFin(false), RawFrame.close(1001, ""));
            inEveryCut(role, bytes, endpoint -> {
                assertThat(endpoint.events).isEmpty();
                assertThat(endpoint.protocol.closeEvent().wasClean()).isTrue();
            });
        }

        @Test
        @DisplayName("§7.1.1: the client waits for the server to end the stream")
        void theClientWaitsForTheEnd() {
            Endpoint client = new Endpoint(Role.CLIENT).receive(RawFrame.close(1000, ""));
            assertThat(client.protocol.hasDeadline()).isTrue();
            assertThat(client.protocol.deadlineNanos()).isEqualTo(client.now + TIMEOUT_NANOS);
            client.protocol.receiveEnd();
            assertThat(client.protocol.tcp()).isEqualTo(TcpAction.CLOSE);
            assertThat(client.protocol.closeEvent()).isEqualTo(new CloseEvent(1000, "", true, Origin.REMOTE, null));
        }

        @Test
        void theClientDropsAStreamThatDoesNotEnd() {
            Endpoint client = new Endpoint(Role.CLIENT).receive(RawFrame.close(1000, ""));
            client.protocol.onDeadline(client.now + TIMEOUT_NANOS);
            assertThat(client.protocol.tcp()).isEqualTo(TcpAction.DROP);
            assertThat(client.protocol.closeEvent()).isEqualTo(new CloseEvent(1000, "", true, Origin.REMOTE, null));
        }
    }

    @Nested
    @DisplayName("§7.1.2: we close first")
    final class WeCloseFirst {
        private Endpoint closing(Role role) {
            Endpoint endpoint = new Endpoint(role);
            assertThat(endpoint.protocol.close(1001, "going away", endpoint.now))
                    .isTrue();
            assertThat(endpoint.sentUnmasked()).containsExactly(RawFrame.close(1001, "going away"));
            assertThat(endpoint.protocol.isOpen()).isFalse();
            assertThat(endpoint.protocol.tcp()).isEqualTo(TcpAction.KEEP);
            return endpoint;
        }

        @ParameterizedTest
        @EnumSource(Role.class)
        @DisplayName("messages and pings before the peer's Close frame still count, behind it nothing does")
        void whatComesBeforeThePeersCloseCounts(Role role) {
            byte[] bytes = wire(
                    role,
                    RawFrame.text("still"),
                    RawFrame.ping((byte) 1),
                    RawFrame.binary((byte) 2).withFin(false),
                    RawFrame.continuation((byte) 3),
                    RawFrame.pong(),
                    RawFrame.close(1001, ""),
                    RawFrame.text("discarded"));
            Splits.SplitConsumer check = parts -> {
                Endpoint endpoint = closing(role).receive(parts);
                assertThat(endpoint.events).containsExactly("text still", "ping 01", "binary 0203", "pong");
                assertThat(endpoint.sentUnmasked())
                        .as("§5.5.2: until the peer's Close pings are answered; ours is not repeated")
                        .containsExactly(RawFrame.pong((byte) 1));
                assertThat(endpoint.protocol.closeEvent())
                        .isEqualTo(new CloseEvent(1001, "", true, Origin.LOCAL, null));
                assertThat(endpoint.protocol.tcp())
                        .isEqualTo(role == Role.SERVER ? TcpAction.HALF_CLOSE : TcpAction.KEEP);
                isSilent(endpoint);
            };
            Splits.everyBoundary(bytes, check);
            Splits.oneByteAtATime(bytes, check);
        }

        @ParameterizedTest
        @EnumSource(Role.class)
        @DisplayName("§7.1.6: the code and reason told are the peer's")
        void thePeersCodeIsTold(Role role) {
            Endpoint endpoint = closing(role).receive(RawFrame.close(4000, "mine"));
            assertThat(endpoint.protocol.closeEvent())
                    .isEqualTo(new CloseEvent(4000, "mine", true, Origin.LOCAL, null));
        }

        @ParameterizedTest
        @EnumSource(Role.class)
        void nothingMoreIsSent(Role role) {
            Endpoint endpoint = closing(role);
            assertThat(endpoint.protocol.send(Opcode.TEXT, utf8("x"))).isFalse();
            assertThat(endpoint.protocol.send(PreparedMessage.text("x"))).isFalse();
            assertThat(endpoint.protocol.ping(ByteBuffer.allocate(0))).isFalse();
            assertThat(endpoint.protocol.pong(ByteBuffer.allocate(0))).isFalse();
            assertThat(endpoint.protocol.close(1000, "", endpoint.now)).isFalse();
            assertThat(endpoint.output.isEmpty()).isTrue();
        }

        @ParameterizedTest
        @EnumSource(Role.class)
        @DisplayName("§7.1.7: a peer that breaks a rule meanwhile gets no second Close frame")
        void aRuleBrokenMeanwhile(Role role) {
            Endpoint endpoint = closing(role).receive(RawFrame.of(3));
            ProtocolError error = Violation.RESERVED_OPCODE.error("0x3");
            assertThat(endpoint.output.isEmpty()).isTrue();
            assertThat(endpoint.protocol.tcp()).isEqualTo(TcpAction.HALF_CLOSE);
            assertThat(endpoint.protocol.closeEvent())
                    .isEqualTo(new CloseEvent(1002, error.message(), false, Origin.LOCAL, error));
            isSilent(endpoint);
        }

        @ParameterizedTest
        @EnumSource(Role.class)
        void theStreamEndsInstead(Role role) {
            Endpoint endpoint = closing(role);
            endpoint.protocol.receiveEnd();
            assertThat(endpoint.protocol.tcp()).isEqualTo(TcpAction.DROP);
            assertThat(endpoint.protocol.closeEvent())
                    .isEqualTo(new CloseEvent(
                            1006, "the TCP stream ended without a Close frame", false, Origin.LOCAL, null));
            isSilent(endpoint);
        }
    }

    @Test
    @DisplayName("both ends close at once: both clean, each by its own hand, with the other's code")
    void simultaneousClose() {
        Endpoint server = new Endpoint(Role.SERVER);
        Endpoint client = new Endpoint(Role.CLIENT);
        server.protocol.close(1001, "shutdown", server.now);
        client.protocol.close(1000, "done", client.now);
        byte[] fromServer = server.drain();
        byte[] fromClient = client.drain();
        server.receive(fromClient);
        client.receive(fromServer);
        assertThat(server.output.isEmpty()).isTrue();
        assertThat(client.output.isEmpty()).isTrue();
        assertThat(server.protocol.closeEvent()).isEqualTo(new CloseEvent(1000, "done", true, Origin.LOCAL, null));
        assertThat(client.protocol.closeEvent()).isEqualTo(new CloseEvent(1001, "shutdown", true, Origin.LOCAL, null));
        assertThat(server.protocol.tcp()).isEqualTo(TcpAction.HALF_CLOSE);
        assertThat(client.protocol.tcp()).isEqualTo(TcpAction.KEEP);
        client.protocol.receiveEnd();
        assertThat(client.protocol.tcp()).isEqualTo(TcpAction.CLOSE);
    }

    @Nested
    @DisplayName("§7.1.1: the deadline")
    final class Deadline {
        @ParameterizedTest
        @ValueSource(longs = {0, 1_000_000_000L, -5, Long.MAX_VALUE - 1, Long.MIN_VALUE})
        @DisplayName("passes at its nanosecond, wherever the clock's scale starts")
        void passesAtItsNanosecond(long now) {
            Endpoint endpoint = new Endpoint(Role.CLIENT);
            endpoint.protocol.onDeadline(now);
            assertThat(endpoint.protocol.hasDeadline()).isFalse();
            assertThat(endpoint.protocol.isOpen()).isTrue();

            endpoint.protocol.close(1000, "", now);
            assertThat(endpoint.protocol.hasDeadline()).isTrue();
            assertThat(endpoint.protocol.deadlineNanos()).isEqualTo(now + TIMEOUT_NANOS);
            endpoint.protocol.onDeadline(now + TIMEOUT_NANOS - 1);
            assertThat(endpoint.protocol.tcp()).isEqualTo(TcpAction.KEEP);
            endpoint.protocol.onDeadline(now + TIMEOUT_NANOS);
            assertThat(endpoint.protocol.tcp()).isEqualTo(TcpAction.DROP);
            assertThat(endpoint.protocol.hasDeadline()).isFalse();
            ProtocolError late = Violation.CLOSE_TIMEOUT.error();
            assertThat(endpoint.protocol.closeEvent())
                    .isEqualTo(new CloseEvent(1006, late.message(), false, Origin.LOCAL, late));
            isSilent(endpoint);
        }

        @Test
        @DisplayName("a peer that goes on sending does not move it")
        void trafficDoesNotMoveIt() {
            Endpoint server = new Endpoint(Role.SERVER);
            server.protocol.close(1000, "", server.now);
            long deadline = server.protocol.deadlineNanos();
            server.now += TIMEOUT_NANOS - 1;
            server.receive(RawFrame.text("a"), RawFrame.ping(), RawFrame.pong());
            assertThat(server.protocol.deadlineNanos()).isEqualTo(deadline);
        }

        @Test
        void boundsTheWaitAfterAVerdict() {
            Endpoint server = new Endpoint(Role.SERVER).receive(RawFrame.of(3));
            assertThat(server.protocol.deadlineNanos()).isEqualTo(server.now + TIMEOUT_NANOS);
            CloseEvent event = server.protocol.closeEvent();
            server.protocol.onDeadline(server.now + TIMEOUT_NANOS);
            assertThat(server.protocol.tcp()).isEqualTo(TcpAction.DROP);
            assertThat(server.protocol.closeEvent()).isEqualTo(event);
        }

        @Test
        @DisplayName("once dropped it stays dropped")
        void isFinal() {
            Endpoint server = new Endpoint(Role.SERVER).receive(RawFrame.close(1000, ""));
            server.protocol.onDeadline(server.now + TIMEOUT_NANOS);
            server.protocol.receiveEnd();
            assertThat(server.protocol.tcp()).isEqualTo(TcpAction.DROP);
        }
    }

    @Nested
    @DisplayName("the owner ends it")
    final class Owner {
        @ParameterizedTest
        @EnumSource(Role.class)
        void failSendsTheVerdictsCode(Role role) {
            Endpoint endpoint = new Endpoint(role);
            ProtocolError error = Violation.MESSAGE_RATE_EXCEEDED.error(51, 50, "messages");
            endpoint.protocol.fail(error, endpoint.now);
            assertThat(endpoint.sentUnmasked()).containsExactly(RawFrame.close(1008, error.closeReason()));
            assertThat(endpoint.protocol.closeEvent())
                    .isEqualTo(new CloseEvent(1008, error.message(), false, Origin.LOCAL, error));
            isSilent(endpoint);
        }

        @ParameterizedTest
        @EnumSource(
                value = Violation.class,
                names = {"HEARTBEAT_TIMEOUT", "CLOSE_TIMEOUT", "HANDSHAKE_TIMEOUT", "KEY_MALFORMED"})
        void failTakesNoVerdictThatACloseFrameCantCarry(Violation violation) {
            Endpoint endpoint = new Endpoint(Role.SERVER);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> endpoint.protocol.fail(violation.error(), endpoint.now))
                    .withMessageContaining(violation.code())
                    .withMessageContaining(Integer.toString(violation.answer()));
            assertThat(endpoint.protocol.isOpen()).isTrue();
            assertThat(endpoint.output.isEmpty()).isTrue();
        }

        @ParameterizedTest
        @EnumSource(Role.class)
        void abortSendsNothing(Role role) {
            Endpoint endpoint = new Endpoint(role);
            ProtocolError error = Violation.HEARTBEAT_TIMEOUT.error();
            endpoint.protocol.abort(Origin.LOCAL, error.message(), error);
            assertThat(endpoint.output.isEmpty()).isTrue();
            assertThat(endpoint.protocol.tcp()).isEqualTo(TcpAction.DROP);
            assertThat(endpoint.protocol.hasDeadline()).isFalse();
            assertThat(endpoint.protocol.closeEvent())
                    .isEqualTo(new CloseEvent(1006, error.message(), false, Origin.LOCAL, error));
            isSilent(endpoint);
        }

        @Test
        void abortAfterACleanCloseLeavesItClean() {
            Endpoint client = new Endpoint(Role.CLIENT).receive(RawFrame.close(1000, "bye"));
            client.protocol.abort(Origin.NETWORK, "connection reset", null);
            assertThat(client.protocol.tcp()).isEqualTo(TcpAction.DROP);
            assertThat(client.protocol.closeEvent()).isEqualTo(new CloseEvent(1000, "bye", true, Origin.REMOTE, null));
        }

        @Test
        void theNetworkEndsItWithoutAWord() {
            Endpoint server =
                    new Endpoint(Role.SERVER).receive(RawFrame.text("half").withFin(false));
            server.protocol.receiveEnd();
            assertThat(server.protocol.tcp()).isEqualTo(TcpAction.DROP);
            assertThat(server.protocol.closeEvent())
                    .isEqualTo(new CloseEvent(
                            1006, "the TCP stream ended without a Close frame", false, Origin.NETWORK, null));
            isSilent(server);
        }

        @ParameterizedTest
        @CsvSource({"1000, 123, true", "1000, 124, false", "4999, 123, true", "1005, 0, true", "1005, 1, false"})
        void closeTakesAReasonOfAtMost123Bytes(int code, int bytes, boolean taken) {
            for (String reason : List.of("x".repeat(bytes), "é".repeat(bytes / 2) + "x".repeat(bytes % 2))) {
                Endpoint endpoint = new Endpoint(Role.CLIENT);
                if (taken) {
                    assertThat(endpoint.protocol.close(code, reason, endpoint.now))
                            .isTrue();
                    RawFrame expected = code == 1005 ? RawFrame.close() : RawFrame.close(code, reason);
                    assertThat(endpoint.sentUnmasked()).containsExactly(expected);
                } else {
                    assertThatIllegalArgumentException()
                            .isThrownBy(() -> endpoint.protocol.close(code, reason, endpoint.now))
                            .withMessageContaining("reason");
                    assertThat(endpoint.protocol.isOpen()).isTrue();
                    assertThat(endpoint.output.isEmpty()).isTrue();
                }
            }
        }

        @Test
        @DisplayName("a mistake in code or reason is told even when it comes too late")
        void argumentsAreJudgedAlways() {
            Endpoint server = new Endpoint(Role.SERVER).receive(RawFrame.close());
            assertThatIllegalArgumentException().isThrownBy(() -> server.protocol.close(1006, "", server.now));
        }
    }
}
