package dev.bowline.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.codec.CloseEvent;
import dev.bowline.codec.handshake.HttpHeaders;
import java.io.IOException;
import java.net.ConnectException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReconnectRuleTest {
    private static boolean reconnects(int code, @Nullable IOException failure) {
        CloseEvent end = new CloseEvent(code, "", true, CloseEvent.Origin.REMOTE, null);
        return ReconnectRule.DEFAULT.reconnects(end, failure);
    }

    @ParameterizedTest
    @CsvSource({
        "1000, no", "1001, yes", "1002, no", "1003, no", "1005, yes", "1006, yes", "1007, no", "1008, no",
        "1009, no", "1010, no", "1011, yes", "1012, yes", "1013, yes", "1014, yes", "1015, yes", "3000, no",
        "3001, yes", "3003, no", "3999, yes", "4000, yes", "4499, yes", "4500, no", "4999, no"
    })
    void decidesByCloseCode(int code, String expected) {
        assertThat(reconnects(code, null)).isEqualTo(expected.equals("yes"));
    }

    @ParameterizedTest
    @CsvSource({
        "0, yes", "100, yes", "101, yes", "200, yes", "302, yes", "400, no", "401, no", "403, no", "404, no", "407, no",
        "408, yes", "410, no", "425, yes", "426, no", "429, yes", "499, no", "500, yes", "502, yes", "503, yes",
                "599, yes"
    })
    void decidesByStatus(int status, String expected) {
        IOException refusal = new WebSocketHandshakeException("no", status, HttpHeaders.EMPTY, null);
        assertThat(reconnects(1006, refusal)).isEqualTo(expected.equals("yes"));
    }

    @Test
    void goesOnWhenTheNetworkFails() {
        assertThat(reconnects(1006, new ConnectException("refused"))).isTrue();
    }
}
