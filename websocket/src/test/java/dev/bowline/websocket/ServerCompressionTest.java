package dev.bowline.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.codec.deflate.PermessageDeflate;
import dev.bowline.testkit.RawFrame;
import dev.bowline.testkit.RawHandshake;
import dev.bowline.testkit.RawPeer;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** permessage-deflate as an option of a server. */
final class ServerCompressionTest {
    private static final class Echo implements WebSocketListener {
        @Override
        public void onText(WebSocket socket, String text) {
            socket.send(text);
        }
    }

    @Test
    @DisplayName("a compressed message is understood, and answered compressed")
    void echoes() throws Exception {
        ConnectionOptions options = ConnectionOptions.builder()
                .extensions(
                        List.of(PermessageDeflate.builder().thresholdBytes(0).build()))
                .build();
        WebSocketServer server = WebSocketServer.builder()
                .options(ServerOptions.builder().connection(options).build())
                .endpoint("/*", new Echo())
                .start();
        try (server;
                RawPeer peer = RawPeer.connect(server.port())) {
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
}
