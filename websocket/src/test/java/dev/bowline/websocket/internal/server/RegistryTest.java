package dev.bowline.websocket.internal.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.codec.OutputQueue;
import dev.bowline.codec.Role;
import dev.bowline.codec.handshake.HttpHeaders;
import dev.bowline.codec.handshake.RequestHead;
import dev.bowline.testkit.Seeded;
import dev.bowline.websocket.ConnectionOptions;
import dev.bowline.websocket.TransportKind;
import dev.bowline.websocket.UpgradeRequest;
import dev.bowline.websocket.WebSocket;
import dev.bowline.websocket.WebSocketListener;
import dev.bowline.websocket.internal.connection.Connection;
import dev.bowline.websocket.internal.connection.Opened;
import dev.bowline.websocket.internal.loop.EventLoop;
import dev.bowline.websocket.internal.transport.Stream;
import dev.bowline.websocket.internal.transport.StreamHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RegistryTest {
    private final EventLoop loop = EventLoop.start("bowline-test-registry", true, TransportKind.AUTOMATIC);
    private final Admission admission = new Admission(1000, 1000, address -> false);
    private final Registry registry = new Registry(List.of(loop), admission);

    @AfterEach
    void stop() {
        loop.stop();
    }

    private static final class NoStream implements Stream {
        @Override
        public void handler(StreamHandler handler) {}

        @Override
        public int read(ByteBuffer target) {
            return 0;
        }

        @Override
        public long write(ByteBuffer[] buffers, int count) {
            return 0;
        }

        @Override
        public void interest(boolean read, boolean write) {}

        @Override
        public void shutdownOutput() {}

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}

        @Override
        public InetSocketAddress remoteAddress() {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
        }
    }

    /** Opens a connection; in the loop. */
    private Connection open(@Nullable String user) {
        Stream stream = new NoStream();
        admission.admit(stream.remoteAddress().getAddress());
        Connection connection = new Connection(
                loop,
                stream,
                new OutputQueue(loop.buffers()),
                ConnectionOptions.DEFAULT,
                new Opened(
                        Role.SERVER,
                        new UpgradeRequest(
                                new RequestHead("GET", "/", HttpHeaders.EMPTY), List.of(), stream.remoteAddress()),
                        "",
                        null,
                        user,
                        null),
                new WebSocketListener() {},
                registry.of(0));
        connection.start(ByteBuffer.allocate(0));
        return connection;
    }

    @Test
    void agreesWithAModelWhoeverComesAndGoes() throws InterruptedException {
        assertThat(registry.awaitEmpty(Duration.ZERO)).isTrue();
        CompletableFuture.runAsync(() -> Seeded.run(5, this::comeAndGo), loop).join();
        assertThat(registry.awaitEmpty(Duration.ofSeconds(5))).isTrue();
    }

    private void comeAndGo(Seeded random) {
        Map<String, List<WebSocket>> users = new TreeMap<>();
        List<WebSocket> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            if (random.chance(60) || all.isEmpty()) {
                String user = random.oneOf("", "ada", "bob", "eve");
                Connection opened = open(user.isEmpty() ? null : user);
                all.add(opened);
                users.computeIfAbsent(user, name -> new ArrayList<>()).add(opened);
            } else {
                WebSocket gone = random.oneOf(all);
                gone.terminate();
                all.remove(gone);
                users.values().forEach(devices -> devices.remove(gone));
            }
            assertThat(registry.all()).containsExactlyInAnyOrderElementsOf(all);
            for (String user : List.of("ada", "bob", "eve")) {
                assertThat(registry.user(user))
                        .containsExactlyInAnyOrderElementsOf(users.getOrDefault(user, List.of()));
            }
        }
        all.forEach(WebSocket::terminate);
        assertThat(registry.all()).isEmpty();
        assertThat(registry.user("ada")).isEmpty();
    }

    @Test
    void waitingForTheLastEndsWithTheTime() throws InterruptedException {
        CompletableFuture.runAsync(() -> open(null), loop).join();
        assertThat(registry.awaitEmpty(Duration.ofMillis(20))).isFalse();
    }
}
