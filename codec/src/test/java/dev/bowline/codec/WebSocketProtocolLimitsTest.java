package dev.bowline.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.testkit.RawFrame;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The limits on how a message may come: in how many frames, and how slowly. */
final class WebSocketProtocolLimitsTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final ProtocolOptions LIMITS =
            new ProtocolOptions(100_000, 50_000, 4, TIMEOUT, Duration.ofSeconds(5));

    private static Endpoint endpoint(Role role) {
        return new Endpoint(role, LIMITS, null);
    }

    private static RawFrame part(RawFrame frame) {
        return frame.withFin(false);
    }

    private static void wait(Endpoint endpoint, Duration time) {
        endpoint.now += time.toNanos();
        endpoint.protocol.onDeadline(endpoint.now);
    }

    private static void assertRefused(Endpoint endpoint, Violation violation) {
        ProtocolError error = endpoint.protocol.closeEvent().error();
        assertThat(error).isNotNull().extracting(ProtocolError::violation).isEqualTo(violation);
        assertThat(endpoint.protocol.tcp()).isEqualTo(TcpAction.HALF_CLOSE);
    }

    @ParameterizedTest
    @EnumSource
    void aMessageMayComeInAsManyFramesAsAllowed(Role role) {
        Endpoint endpoint = endpoint(role);
        for (int i = 0; i < 3; i++) { // each message is counted for itself, and control frames are not
            endpoint.receive(
                    part(RawFrame.text("a")),
                    part(RawFrame.continuation()),
                    RawFrame.ping(),
                    part(RawFrame.continuation()),
                    RawFrame.continuation((byte) 'b'));
        }
        assertThat(endpoint.events).containsExactly("ping", "text ab", "ping", "text ab", "ping", "text ab");
        assertThat(endpoint.protocol.isOpen()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void oneFrameMoreIsRefusedBeforeItIsComplete(Role role) {
        Endpoint endpoint = endpoint(role);
        RawFrame empty = part(RawFrame.continuation());
        endpoint.receive(part(RawFrame.text("")), empty, empty, empty);
        assertThat(endpoint.protocol.isOpen()).isTrue();
        byte[] last = Endpoint.wire(role, RawFrame.continuation(new byte[5]));
        endpoint.receive(Arrays.copyOf(last, last.length - 5));
        assertRefused(endpoint, Violation.FRAGMENTS_TOO_MANY);
        assertThat(endpoint.protocol.closeEvent().code()).isEqualTo(CloseCode.POLICY_VIOLATION);
        assertThat(endpoint.protocol.closeEvent().reason()).contains("5 frames, allowed 4");
    }

    @ParameterizedTest
    @EnumSource
    void aMessageThatComesTooSlowlyIsRefused(Role role) {
        Endpoint endpoint = endpoint(role);
        byte[] message = Endpoint.wire(role, RawFrame.binary(new byte[200]));
        for (int i = 0; i < 10; i++) { // a byte a second, in the head and in the payload
            assertThat(endpoint.protocol.isOpen()).isTrue();
            endpoint.receive(new byte[] {message[i]});
            wait(endpoint, Duration.ofSeconds(1));
        }
        assertThat(endpoint.protocol.isOpen()).isTrue(); // ten bytes are worth 10 ms more
        wait(endpoint, Duration.ofMillis(10));
        assertRefused(endpoint, Violation.MESSAGE_TIMEOUT);
        assertThat(endpoint.protocol.closeEvent().code()).isEqualTo(CloseCode.POLICY_VIOLATION);
    }

    @ParameterizedTest
    @EnumSource
    void fragmentsAndPingsBetweenThemWinNoTime(Role role) {
        Endpoint endpoint = endpoint(role);
        endpoint.receive(part(RawFrame.text("a")));
        for (int i = 0; i < 9; i++) {
            wait(endpoint, Duration.ofSeconds(1));
            endpoint.receive(RawFrame.ping((byte) i));
        }
        assertThat(endpoint.protocol.isOpen()).isTrue();
        wait(endpoint, Duration.ofMillis(1_200));
        assertRefused(endpoint, Violation.MESSAGE_TIMEOUT);
    }

    @ParameterizedTest
    @EnumSource
    void aSlowLineHasTheTimeItNeeds(Role role) {
        Endpoint endpoint = endpoint(role);
        byte[] message = Endpoint.wire(role, RawFrame.binary(new byte[40_000]));
        for (int from = 0; from < message.length; from += 2_000) { // 2,000 bytes a second: twice the timeout
            endpoint.receive(Arrays.copyOfRange(message, from, Math.min(message.length, from + 2_000)));
            wait(endpoint, Duration.ofSeconds(1));
        }
        assertThat(endpoint.events).hasSize(1);
        assertThat(endpoint.protocol.isOpen()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void eachMessageHasItsOwnTimeThoughReadsNeverEndWithOne(Role role) {
        Endpoint endpoint = endpoint(role);
        byte[] messages = Endpoint.wire(
                role, Collections.nCopies(30, RawFrame.text("hello")).toArray(RawFrame[]::new));
        int size = messages.length / 30;
        endpoint.receive(new byte[] {messages[0]});
        for (int from = 1; from + size <= messages.length; from += size) {
            wait(endpoint, Duration.ofSeconds(2));
            endpoint.receive(Arrays.copyOfRange(messages, from, from + size));
            assertThat(endpoint.protocol.hasDeadline()).isTrue();
            assertThat(endpoint.protocol.deadlineNanos() - endpoint.now)
                    .isEqualTo(TIMEOUT.plusMillis(1).toNanos()); // for the byte of the next one
        }
        assertThat(endpoint.events).hasSize(29);
        assertThat(endpoint.protocol.isOpen()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void betweenMessagesThereIsNoDeadline(Role role) {
        Endpoint endpoint = endpoint(role);
        assertThat(endpoint.protocol.hasDeadline()).isFalse();
        endpoint.receive(RawFrame.text("a"), part(RawFrame.text("b")), RawFrame.continuation(), RawFrame.pong());
        assertThat(endpoint.protocol.hasDeadline()).isFalse();
        wait(endpoint, Duration.ofDays(1));
        assertThat(endpoint.protocol.isOpen()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void whileClosingOnlyTheClosingHandshakeIsTimed(Role role) {
        Endpoint endpoint = endpoint(role);
        endpoint.receive(part(RawFrame.text("a")));
        endpoint.protocol.close(CloseCode.NORMAL, "", endpoint.now);
        assertThat(endpoint.protocol.deadlineNanos() - endpoint.now)
                .isEqualTo(LIMITS.closeTimeout().toNanos());
        wait(endpoint, LIMITS.closeTimeout());
        assertThat(endpoint.protocol.tcp()).isEqualTo(TcpAction.DROP);
        assertThat(endpoint.protocol.closeEvent().error())
                .isNotNull()
                .extracting(ProtocolError::violation)
                .isEqualTo(Violation.CLOSE_TIMEOUT);
    }

    @ParameterizedTest
    @EnumSource
    void thePeerGetsItsTimeAnewWhenItIsReadAgain(Role role) {
        Endpoint endpoint = endpoint(role);
        endpoint.receive(part(RawFrame.text("")));
        endpoint.now += TIMEOUT.toNanos() * 2; // nothing was read meanwhile
        endpoint.protocol.readingResumed(endpoint.now);
        wait(endpoint, TIMEOUT);
        assertThat(endpoint.protocol.isOpen()).isTrue();
        wait(endpoint, Duration.ofMillis(10));
        assertRefused(endpoint, Violation.MESSAGE_TIMEOUT);
    }
}
