package dev.bowline.websocket.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bowline.websocket.TransportKind;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class TransportsTest {
    private static String name(TransportKind kind) throws IOException {
        Transport transport = Transports.open(kind);
        try {
            return transport.name();
        } finally {
            transport.close();
        }
    }

    @Test
    void nioIsEverywhere() throws IOException {
        assertThat(name(TransportKind.NIO)).isEqualTo("nio");
    }

    @Test
    @Tag("epoll")
    void epollIsHere() throws IOException {
        assertThat(Transports.epollObstacle()).isNull();
        assertThat(name(TransportKind.EPOLL)).isEqualTo("epoll");
    }

    @Test
    void theAutomaticKindIsEpollWhereThereIsOne() throws IOException {
        String obstacle = Transports.epollObstacle();
        assertThat(name(TransportKind.AUTOMATIC)).isEqualTo(obstacle == null ? "epoll" : "nio");
        if (obstacle != null) {
            assertThatThrownBy(() -> Transports.open(TransportKind.EPOLL))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessage("there is no epoll transport here: " + obstacle);
        }
    }

    @Test
    void saysWhatEpollNeeds() {
        assertThat(Transports.obstacle("Linux", "amd64", 22)).isNull();
        assertThat(Transports.obstacle("Linux", "aarch64", 25)).isNull();
        assertThat(Transports.obstacle("Mac OS X", "aarch64", 25))
                .isEqualTo("it is part of Linux, and this is Mac OS X");
        assertThat(Transports.obstacle("Linux", "riscv64", 25))
                .isEqualTo("it is known for the processors amd64 and aarch64, and this is riscv64");
        assertThat(Transports.obstacle("Linux", "amd64", 21))
                .isEqualTo("it needs Java 22 or later, and this is Java 21");
    }

    @Test
    void aPropertyNamesTheKind() {
        assertThat(Transports.named("nio")).isEqualTo(TransportKind.NIO);
        assertThat(Transports.named("Epoll")).isEqualTo(TransportKind.EPOLL);
        assertThatThrownBy(() -> Transports.named("uring"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("system property bowline.transport is \"uring\", must be nio or epoll");
    }
}
