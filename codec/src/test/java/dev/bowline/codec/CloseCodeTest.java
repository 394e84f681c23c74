package dev.bowline.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bowline.testkit.RawFrame;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The table of close codes: RFC 6455 §7.4 and the IANA registry, both ways. */
final class CloseCodeTest {
    /** Ranges of codes and whether they may stand in a Close frame. */
    private static final String TABLE = """
            0,     999,   false
            1000,  1003,  true
            1004,  1006,  false
            1007,  1014,  true
            1015,  2999,  false
            3000,  4999,  true
            5000,  65535, false
            """;

    @ParameterizedTest
    @CsvSource(textBlock = TABLE)
    void saysWhichCodesMayStandInACloseFrame(int first, int last, boolean allowed) {
        assertThat(IntStream.rangeClosed(first, last))
                .allSatisfy(code -> assertThat(CloseCode.isAllowedOnWire(code)).isEqualTo(allowed));
    }

    @ParameterizedTest
    @CsvSource({"-1", "65536", "66536", "2147483647", "-2147483648"})
    void numbersBeyondTwoBytesAreNoCodes(int code) {
        assertThat(CloseCode.isAllowedOnWire(code)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(textBlock = TABLE)
    @DisplayName("§7.4: a received code is echoed and told, or refused with 1002")
    void judgesEveryReceivedCode(int first, int last, boolean allowed) {
        for (Role role : Role.values()) {
            for (int code = first; code <= last; code++) {
                Endpoint endpoint = new Endpoint(role).receive(RawFrame.close(code, "why"));
                CloseEvent event = endpoint.protocol.closeEvent();
                if (allowed) {
                    assertThat(endpoint.sentUnmasked()).containsExactly(RawFrame.close(code, ""));
                    assertThat(event).isEqualTo(new CloseEvent(code, "why", true, CloseEvent.Origin.REMOTE, null));
                } else {
                    ProtocolError error = Violation.CLOSE_CODE_INVALID.error(Integer.toString(code));
                    assertThat(endpoint.sentUnmasked()).containsExactly(RawFrame.close(1002, error.closeReason()));
                    assertThat(event.code()).isEqualTo(1002);
                    assertThat(event.error()).isEqualTo(error);
                    assertThat(event.wasClean()).isFalse();
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource(textBlock = TABLE)
    @DisplayName("§7.4: close() sends an allowed code and refuses any other, with nothing queued")
    void judgesEveryCodeToSend(int first, int last, boolean allowed) {
        for (int code = first; code <= last; code++) {
            Endpoint endpoint = new Endpoint(Role.SERVER);
            if (allowed) {
                assertThat(endpoint.protocol.close(code, "bye", endpoint.now)).isTrue();
                assertThat(endpoint.sentUnmasked()).containsExactly(RawFrame.close(code, "bye"));
            } else if (code != CloseCode.NO_STATUS_RECEIVED) {
                int refused = code;
                assertThatThrownBy(() -> endpoint.protocol.close(refused, "bye", endpoint.now))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining(Integer.toString(code));
                assertThat(endpoint.protocol.isOpen()).isTrue();
                assertThat(endpoint.output.isEmpty()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    @DisplayName("§7.1.5: 1005 stands for a Close frame without a code")
    void noStatusSendsAnEmptyCloseFrame(Role role) {
        Endpoint endpoint = new Endpoint(role);
        assertThat(endpoint.protocol.close(CloseCode.NO_STATUS_RECEIVED, "", endpoint.now))
                .isTrue();
        assertThat(endpoint.sentUnmasked()).containsExactly(RawFrame.close());
    }
}
