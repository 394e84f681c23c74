package dev.bowline.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ServerExtensionTest {
    private int started;

    @RegisterExtension
    private final ServerExtension server = ServerExtension.of(() -> {
        started++;
        ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        return ServerExtension.running(listener.getLocalPort(), listener);
    });

    @AfterEach
    void oneServerATest() {
        assertThat(started).isPositive();
    }

    @Test
    void standsBehindItsNetwork() throws IOException {
        assertThat(server.uri("/live").toString())
                .isEqualTo("ws://127.0.0.1:" + server.network().port() + "/live");
        assertThat(server.port()).isNotEqualTo(server.network().port());
        try (Socket client =
                new Socket(InetAddress.getLoopbackAddress(), server.network().port())) {
            Await.until("it comes through", () -> server.network().acceptedCount() == 1);
            server.network().closeAll();
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void comesBackAtTheSameAddress() throws Exception {
        int before = server.port();
        server.restart();
        assertThat(server.port()).isNotEqualTo(before);
        assertThat(started).isEqualTo(2);
        try (Socket client =
                new Socket(InetAddress.getLoopbackAddress(), server.network().port())) {
            Await.until("it comes through", () -> server.network().links().size() == 1);
            assertThat(client.isConnected()).isTrue();
        }
    }

    @Test
    void failsATestToWhichSomethingWasDeliveredWrongly() throws Exception {
        ServerExtension other = ServerExtension.of(() -> ServerExtension.running(server.port(), () -> {}));
        assertThatThrownBy(() -> other.uri("/")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(other::port).isInstanceOf(IllegalStateException.class);
        other.deliveries().receiver("ann").message("news", 2, "two");
        other.deliveries().receiver("ann").message("news", 1, "one");
        assertThatThrownBy(() -> other.deliveries().check()).hasMessageContaining("news 1 behind 2");
    }
}
