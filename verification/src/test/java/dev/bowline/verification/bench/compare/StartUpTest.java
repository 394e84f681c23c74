package dev.bowline.verification.bench.compare;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bowline.websocket.WebSocketListener;
import dev.bowline.websocket.WebSocketServer;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class StartUpTest {
    @Test
    void aConnectionIsOpenWhenTheServerAgrees() throws Exception {
        WebSocketServer server = WebSocketServer.builder()
                .host("127.0.0.1")
                .port(0)
                .endpoint("/", new WebSocketListener() {})
                .start();
        try {
            assertThatCode(() -> StartUp.open(server.port())).doesNotThrowAnyException();
        } finally {
            server.stop(Duration.ofSeconds(1));
        }
    }

    @Test
    void aRefusalIsTold() throws Exception {
        WebSocketServer server = WebSocketServer.builder()
                .host("127.0.0.1")
                .port(0)
                .endpoint("/elsewhere", new WebSocketListener() {})
                .start();
        try {
            assertThatThrownBy(() -> StartUp.open(server.port()))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("the handshake was answered with HTTP/1.1 404");
        } finally {
            server.stop(Duration.ofSeconds(1));
        }
    }
}
