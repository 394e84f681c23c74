package dev.bowline.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

final class ProtocolErrorTest {
    @Test
    void saysWhatWasWrongWithTheNumbersAndTheClause() {
        ProtocolError error = Violation.MESSAGE_TOO_BIG.error(1001, 1000, "bytes");
        assertThat(error.message()).isEqualTo("message too big: 1001 bytes, allowed 1000 (RFC 6455 §10.4)");
        assertThat(error.toString())
                .isEqualTo("message-too-big: message too big: 1001 bytes, allowed 1000 (RFC 6455 §10.4)");
        assertThat(error.closeReason()).isEqualTo("message too big: 1001 bytes, allowed 1000");
        assertThat(error.answer()).isEqualTo(1009);
    }

    @Test
    void withoutNumbersItSaysOnlyWhatWasWrong() {
        ProtocolError error = Violation.MASK_MISSING.error();
        assertThat(error.message()).isEqualTo("frame from a client is not masked (RFC 6455 §5.1)");
        assertThat(error.closeReason()).isEqualTo("frame from a client is not masked");
    }

    @Nested
    @DisplayName("§5.5: the close reason is at most 123 bytes of UTF-8")
    final class CloseReason {
        private static final int PREFIX = "data that the negotiated extension can't decode: ".length();

        private String reason(String detail) {
            return Violation.EXTENSION_DATA_INVALID.error(detail).closeReason();
        }

        @Test
        void asciiIsCutAt123() {
            assertThat(reason("x".repeat(123 - PREFIX))).hasSize(123);
            assertThat(reason("x".repeat(124 - PREFIX))).hasSize(123).endsWith("xx");
        }

        @Test
        @DisplayName("a detail that an extension or the owner wrote in other letters is cut between characters")
        void otherLettersAreCutBetweenCharacters() {
            for (int pad = 0; pad < 8; pad++) {
                for (String letter : new String[] {"é", "€", "\uD83D\uDE00"}) {
                    String detail = "x".repeat(pad) + letter.repeat(100);
                    String reason = reason(detail);
                    int bytes = reason.getBytes(StandardCharsets.UTF_8).length;
                    assertThat(bytes).isBetween(123 - letter.getBytes(StandardCharsets.UTF_8).length + 1, 123);
                    assertThat(reason.substring(PREFIX)).isEqualTo(detail.substring(0, reason.length() - PREFIX));
                    assertThat(Character.isHighSurrogate(reason.charAt(reason.length() - 1)))
                            .isFalse();
                }
            }
        }
    }
}
