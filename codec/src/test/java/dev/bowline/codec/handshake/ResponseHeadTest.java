package dev.bowline.codec.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.codec.Role;
import dev.bowline.codec.Violation;
import dev.bowline.codec.handshake.HeadParser.Progress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ResponseHeadTest {
    @Test
    void isWrittenAsRfc9112DrawsIt() {
        ResponseHead head = ResponseHead.of(426, HttpHeaders.of("Upgrade", "websocket", "X", "\u00e9"));
        assertThat(StandardCharsets.ISO_8859_1.decode(head.toBytes()).toString())
                .isEqualTo("HTTP/1.1 426 Upgrade Required\r\nUpgrade: websocket\r\nX: \u00e9\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 101, 200, 299, 401, 418, 503, 999})
    void parsesBackToTheSame(int status) {
        ResponseHead head = ResponseHead.of(status, HttpHeaders.of("a", "", "B", "c d"));
        HeadParser parser = new HeadParser(Role.CLIENT, HeadLimits.DEFAULT);
        ByteBuffer bytes = head.toBytes();
        assertThat(parser.parse(bytes)).isEqualTo(Progress.COMPLETE);
        assertThat(bytes.hasRemaining()).isFalse();
        assertThat(parser.response()).isEqualTo(head);
    }

    @ParameterizedTest
    @EnumSource(Violation.class)
    void everyStatusThatAVerdictAnswersWithHasItsPhrase(Violation violation) {
        assertThat(violation.answer() >= 1000
                        || !ResponseHead.reasonPhrase(violation.answer()).isEmpty())
                .isTrue();
    }
}
