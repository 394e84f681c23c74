package dev.bowline.codec;

import static dev.bowline.codec.Endpoint.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.bowline.testkit.RawFrame;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link WebSocketProtocol} as it sends: RFC 6455 §5 and §6.1. */
final class WebSocketProtocolSendingTest {
    @ParameterizedTest
    @EnumSource(Role.class)
    @DisplayName("§5.1: a client masks every frame, each with a fresh key; a server masks none and asks for no key")
    void masksByRole(Role role) {
        Endpoint endpoint = new Endpoint(role);
        endpoint.protocol.send(Opcode.TEXT, utf8("Grüße"));
        endpoint.protocol.send(Opcode.BINARY, ByteBuffer.allocate(0));
        endpoint.protocol.send(PreparedMessage.text("all"));
        endpoint.protocol.ping(utf8("1"));
        endpoint.protocol.pong(ByteBuffer.allocate(125));
        endpoint.receive(RawFrame.ping((byte) 9));
        endpoint.protocol.close(1000, "bye", endpoint.now);
        var sent = endpoint.sent(); // checks the mask bits
        assertThat(sent.stream().map(RawFrame::withoutMask))
                .containsExactly(
                        RawFrame.text("Grüße"),
                        RawFrame.binary(),
                        RawFrame.text("all"),
                        RawFrame.ping((byte) '1'),
                        RawFrame.pong(new byte[125]),
                        RawFrame.pong((byte) 9),
                        RawFrame.close(1000, "bye"));
        assertThat(endpoint.keysMade).isEqualTo(role == Role.CLIENT ? 7 : 0);
        if (role == Role.CLIENT) {
            assertThat(new HashSet<>(sent.stream().map(RawFrame::maskKey).toList()))
                    .hasSize(7);
        }
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void copiesThePayloadAndLeavesItAsItIs(Role role) {
        ByteBuffer payload = ByteBuffer.wrap("xHellox".getBytes(StandardCharsets.US_ASCII))
                .position(1)
                .limit(6);
        Endpoint endpoint = new Endpoint(role);
        endpoint.protocol.send(Opcode.TEXT, payload);
        endpoint.protocol.ping(payload.asReadOnlyBuffer());
        assertThat(payload.position()).isEqualTo(1);
        assertThat(payload.limit()).isEqualTo(6);
        assertThat(payload.array()).isEqualTo("xHellox".getBytes(StandardCharsets.US_ASCII));
        payload.put(1, new byte[5]);
        byte[] hello = "Hello".getBytes(StandardCharsets.US_ASCII);
        assertThat(endpoint.sentUnmasked()).containsExactly(RawFrame.text("Hello"), RawFrame.ping(hello));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 7, 8, 9, 10, 11, 15, 16, 17, 0x81, -1})
    void sendTakesOnlyTextAndBinary(int opcode) {
        Endpoint endpoint = new Endpoint(Role.SERVER);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> endpoint.protocol.send(opcode, utf8("x")))
                .withMessageContaining("must be text or binary");
        assertThat(endpoint.output.isEmpty()).isTrue();
    }

    @Test
    @DisplayName("§5.5: a ping or pong takes at most 125 bytes")
    void controlPayloadsAreBounded() {
        Endpoint endpoint = new Endpoint(Role.CLIENT);
        assertThat(endpoint.protocol.ping(ByteBuffer.allocate(125))).isTrue();
        assertThat(endpoint.protocol.pong(ByteBuffer.allocate(125))).isTrue();
        assertThat(endpoint.sent()).hasSize(2);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> endpoint.protocol.ping(ByteBuffer.allocate(126)))
                .withMessageContaining("126");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> endpoint.protocol.pong(ByteBuffer.allocate(126)))
                .withMessageContaining("126");
        assertThat(endpoint.output.isEmpty()).isTrue();
    }
}
