package dev.bowline.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class UpgradeDecisionTest {
    @Test
    void eachMethodReturnsANewDecision() {
        UpgradeDecision decision = UpgradeDecision.accept()
                .user("ada")
                .subprotocol("v1")
                .textHeartbeat(TextHeartbeat.PING_PONG)
                .header("X-One", "1");
        assertThat(decision.isAccepted()).isTrue();
        assertThat(decision.user()).isEqualTo("ada");
        assertThat(decision.subprotocol()).isEqualTo("v1");
        assertThat(decision.headers().first("x-one")).isEqualTo("1");
        assertThat(UpgradeDecision.accept().user()).isNull();
    }

    @Test
    void aRefusalHasAStatusThatRefuses() {
        assertThat(UpgradeDecision.refuse(401, "Who are you?").isAccepted()).isFalse();
        for (int status : new int[] {101, 200, 299, 600}) {
            assertThatThrownBy(() -> UpgradeDecision.refuse(status, ""))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("status is " + status);
        }
    }

    @Test
    void headersCannotBeForgedNorTheServersOwnBeSet() {
        UpgradeDecision decision = UpgradeDecision.accept();
        assertThatThrownBy(() -> decision.header("X-A", "b\r\nSet-Cookie: c"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("X-A");
        assertThatThrownBy(() -> decision.header("X A", "b")).isInstanceOf(IllegalArgumentException.class);
        for (String name : new String[] {"Connection", "content-length", "Sec-WebSocket-Accept", "Upgrade"}) {
            assertThatThrownBy(() -> decision.header(name, "x"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(name);
        }
        assertThatThrownBy(() -> decision.subprotocol("a,b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a,b");
    }
}
