package dev.bowline.websocket.internal.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.testkit.Await;
import dev.bowline.testkit.TestCertificates;
import dev.bowline.testkit.TestIdentity;
import dev.bowline.websocket.TransportKind;
import dev.bowline.websocket.internal.loop.EventLoop;
import dev.bowline.websocket.internal.transport.StreamHandler;
import dev.bowline.websocket.tls.ClientTls;
import dev.bowline.websocket.tls.ServerTls;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A TLS stream on an event loop of its own, with whoever is above it, a stream in memory below it, and the peer. */
final class TlsStreamHarness implements AfterEachCallback {
    static final TestCertificates AUTHORITY = TestCertificates.shared();
    static final TestIdentity LOCALHOST = AUTHORITY.issue("localhost");

    private static final int MOST_STEPS = 1_000_000; // without a pause: who needs more of them spins

    final EventLoop loop = EventLoop.start("bowline-test-tls", true, TransportKind.AUTOMATIC);
    final MemoryStream raw = new MemoryStream();
    final Above above = new Above();
    private @Nullable TlsStream stream;
    private @Nullable TlsPeer peer;
    private @Nullable SSLException peerFailure;

    /** Whoever is above: reads what there is, notes what it is told, and sends what the test says. */
    final class Above implements StreamHandler {
        final List<String> told = new CopyOnWriteArrayList<>();
        private final ByteArrayOutputStream received = new ByteArrayOutputStream(); // guarded by itself
        private volatile int bufferBytes = 64 * 1024;
        private ByteBuffer[] unsent = {}; // touched by the loop
        private final AtomicLong taken = new AtomicLong();
        private volatile boolean paused;
        private volatile Consumer<byte[]> whenRead = bytes -> {};

        /** The size of the buffer that it reads into. */
        void bufferBytes(int bytes) {
            bufferBytes = bytes;
        }

        void whenRead(Consumer<byte[]> action) {
            whenRead = action;
        }

        String received() {
            synchronized (received) {
                return received.toString(StandardCharsets.ISO_8859_1);
            }
        }

        int receivedBytes() {
            synchronized (received) {
                return received.size();
            }
        }

        /** How much the stream has taken of what was to be sent. */
        long taken() {
            return taken.get();
        }

        void pause(boolean pause) {
            inLoop(() -> {
                paused = pause;
                interest();
                return true;
            });
        }

        private void interest() {
            stream().interest(!paused, unsent.length > 0);
        }

        @Override
        public void onConnected() {
            told.add("connected");
        }

        @Override
        public void onConnectFailed(IOException cause) {
            told.add("failed: " + cause.getMessage());
        }

        @Override
        public void onReadable() {
            assertThat(paused).as("told though paused").isFalse();
            ByteBuffer buffer = ByteBuffer.allocateDirect(bufferBytes);
            try {
                int n = stream().read(buffer);
                assertThat(buffer.position()).isEqualTo(Math.max(0, n));
                if (n < 0) {
                    told.add("end");
                    paused = true;
                    interest();
                } else if (n > 0) {
                    byte[] bytes = new byte[n];
                    buffer.flip().get(bytes);
                    synchronized (received) {
                        received.writeBytes(bytes);
                    }
                    whenRead.accept(bytes);
                }
            } catch (IOException e) {
                told.add("broken: " + e.getMessage());
                paused = true;
                interest();
            }
        }

        @Override
        public void onWritable() {
            write();
        }

        /** Sends these, in one gathering write as far as possible. On the loop. */
        void send(ByteBuffer... buffers) {
            unsent = buffers;
            write();
        }

        private void write() {
            long before = remaining();
            try {
                long n = stream().write(unsent, unsent.length);
                assertThat(before - remaining())
                        .as("how far the buffers have moved")
                        .isEqualTo(n);
                taken.addAndGet(n);
                if (remaining() == 0) {
                    unsent = new ByteBuffer[0];
                }
            } catch (IOException e) {
                told.add("broken: " + e.getMessage());
                unsent = new ByteBuffer[0];
            }
            interest();
        }

        private long remaining() {
            long sum = 0;
            for (ByteBuffer buffer : unsent) {
                sum += buffer.remaining();
            }
            return sum;
        }
    }

    // ---- Beginning

    TlsStreamHarness server(ServerTls tls, TlsPeer client) {
        peer = client;
        inLoop(() -> {
            stream = TlsStream.server(
                    loop, raw, tls, () -> ByteBuffer.wrap("plain".getBytes(StandardCharsets.US_ASCII)));
            stream.handler(above);
            raw.handler(stream);
            return true;
        });
        return this;
    }

    /** A server, and a client that trusts it. */
    TlsStreamHarness server(String protocol) {
        return server(
                ServerTls.of(LOCALHOST.context()),
                TlsPeer.client(AUTHORITY.context(), "localhost", protocols(protocol)));
    }

    TlsStreamHarness client(ClientTls tls, String host, TlsPeer server) {
        peer = server;
        inLoop(() -> {
            stream = TlsStream.client(loop, raw, tls, host, 443);
            stream.handler(above);
            stream.start(ByteBuffer.allocate(0));
            return true;
        });
        return this;
    }

    /** A client, and a server that it trusts. */
    TlsStreamHarness client(String protocol) {
        return client(
                ClientTls.of(AUTHORITY.context()),
                "localhost",
                TlsPeer.server(LOCALHOST.context(), protocols(protocol)));
    }

    /** In the role, {@code server} or {@code client}, and with the handshake done. */
    TlsStreamHarness open(String role, String protocol) {
        TlsStreamHarness begun = role.equals("server") ? server(protocol) : client(protocol);
        return begun.opened();
    }

    TlsStreamHarness opened() {
        until("both are open", () -> above.told.contains("connected") && peer().isOpen());
        return this;
    }

    static Consumer<SSLParameters> protocols(String... names) {
        return parameters -> parameters.setProtocols(names);
    }

    static SSLContext trusting() {
        return AUTHORITY.context();
    }

    TlsStream stream() {
        return Objects.requireNonNull(stream, "not begun");
    }

    TlsPeer peer() {
        return Objects.requireNonNull(peer, "not begun");
    }

    /** What the peer found wrong, such as an alert that it was sent. */
    String peerFailure() {
        // Newer JDKs put the alert before the message.
        return peerFailure == null
                ? "nothing"
                : String.valueOf(peerFailure.getMessage()).replaceFirst("^\\(.*?\\) ", "");
    }

    // ---- Going on

    <T> T inLoop(Callable<T> action) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Runnable task = () -> {
            try {
                result.complete(action.call());
            } catch (Throwable thrown) {
                result.completeExceptionally(thrown);
            }
        };
        if (loop.isInLoop()) {
            task.run();
        } else {
            loop.execute(task);
        }
        return result.orTimeout(60, TimeUnit.SECONDS).join();
    }

    /** Whoever is above sends it, as one buffer. */
    void send(byte... bytes) {
        inLoop(() -> {
            above.send(ByteBuffer.wrap(bytes));
            return true;
        });
    }

    /** Tells once what is ready, and carries bytes between the two; false if there was nothing to do. */
    boolean step() {
        boolean told = inLoop(() -> {
            boolean writable = raw.isWritable();
            if (writable) {
                raw.handler().onWritable();
            }
            boolean readable = raw.isReadable();
            if (readable) {
                raw.handler().onReadable();
            }
            return writable || readable;
        });
        return carry() || told;
    }

    private boolean carry() {
        byte[] forPeer = raw.takeWritten();
        if (forPeer.length > 0 && peerFailure == null) {
            try {
                peer().receive(forPeer);
            } catch (SSLException e) {
                peerFailure = e;
            }
        }
        byte[] fromPeer = peer().takeOutput();
        raw.incoming(fromPeer);
        return forPeer.length + fromPeer.length > 0;
    }

    /** Steps until there is nothing left to do but perhaps what other threads do. */
    void settle() {
        int steps = 0;
        while (step()) {
            if (++steps > MOST_STEPS) {
                throw new AssertionError("it spins: " + above.told);
            }
        }
    }

    void until(String what, BooleanSupplier condition) {
        Await.until(what + ", told " + above.told, () -> {
            settle();
            return condition.getAsBoolean();
        });
    }

    @Override
    public void afterEach(ExtensionContext context) {
        loop.stop();
    }
}
