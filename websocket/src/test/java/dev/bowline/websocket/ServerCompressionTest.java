package dev.bowline.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.codec.Compression;
import dev.bowline.codec.PreparedMessage;
import dev.bowline.codec.deflate.PermessageDeflate;
import dev.bowline.testkit.RawFrame;
import dev.bowline.testkit.RawHandshake;
import dev.bowline.testkit.RawPeer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** permessage-deflate as an option of a server. */
final class ServerCompressionTest {
    private static final class Echo implements WebSocketListener {
        @Override
        public void onText(WebSocket socket, String text) {
            socket.send(text);
        }
    }

    @RegisterExtension
    final TestServer server = new TestServer();

    private static ConnectionOptions compressed() {
        return ConnectionOptions.builder()
                .extensions(List.of(PermessageDeflate.DEFAULT))
                .build();
    }

    @Test
    @DisplayName("a compressed message is understood, and answered compressed")
    void echoes() {
        ConnectionOptions options = ConnectionOptions.builder()
                .extensions(
                        List.of(PermessageDeflate.builder().thresholdBytes(0).build()))
                .build();
        server.start(new Echo(), options);
        try (RawPeer peer = server.connect()) {
            String head = peer.handshakeAsClient(
                    "/", "Sec-WebSocket-Extensions: permessage-deflate; unknown, permessage-deflate");
            assertThat(RawHandshake.header(head, "Sec-WebSocket-Extensions"))
                    .isEqualTo("permessage-deflate; server_no_context_takeover; client_no_context_takeover");
            byte[] hundredTimesA = HexFormat.of().parseHex("4a4ca43d0000");
            RawFrame compressed = RawFrame.of(RawFrame.TEXT, hundredTimesA).withRsv(4);
            peer.send(compressed.withMask(0x1234_5678));
            RawFrame answer = peer.readFrame();
            assertThat(answer.rsv()).isEqualTo(4);
            assertThat(answer.payload()).hasSizeLessThanOrEqualTo(hundredTimesA.length);
        }
    }

    @Test
    @DisplayName("the sender says of a message that it is compressed however short, or not at all")
    void overridden() {
        String longText = "0123456789".repeat(1000);
        server.start(
                new WebSocketListener() {
                    @Override
                    public void onOpen(WebSocket socket) {
                        socket.send("short");
                        socket.send("short", Compression.ALWAYS);
                        socket.send(ByteBuffer.allocate(100), Compression.ALWAYS);
                        socket.send(longText);
                        socket.send(longText, Compression.NEVER);
                        socket.send(ByteBuffer.allocate(10_000), Compression.NEVER);
                        socket.send(PreparedMessage.text(longText, Compression.NEVER));
                    }
                },
                compressed());
        RawPeer peer = server.connect();
        peer.handshakeAsClient("/", "Sec-WebSocket-Extensions: permessage-deflate");
        List<Integer> bits = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            bits.add(peer.readFrame().rsv());
        }
        assertThat(bits).containsExactly(0, 4, 4, 4, 0, 0, 0);
    }
}
