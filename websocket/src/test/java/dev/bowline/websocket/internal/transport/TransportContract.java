package dev.bowline.websocket.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bowline.testkit.Await;
import dev.bowline.testkit.CapturedLog;
import dev.bowline.testkit.RawListener;
import dev.bowline.testkit.RawPeer;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every transport does. The test's own thread is the event loop. */
abstract class TransportContract {
    private static final long SOON_NANOS = Duration.ofMillis(20).toNanos();

    private final List<Stream> accepted = new ArrayList<>();
    private final List<IOException> acceptFailures = new ArrayList<>();
    private final List<RawPeer> peers = new ArrayList<>();
    private int registered; // how many of the accepted streams
    private Transport transport;
    private Transport.Acceptor acceptor;

    /** A new transport. */
    abstract Transport create() throws IOException;

    TransportContract() {
        // Both are set before each test; what can't be opened fails the test.
        try {
            transport = create();
            acceptor = listen();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Transport.Acceptor listen() throws IOException {
        return transport.listen(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16, new Transport.AcceptHandler() {
                    @Override
                    public void onAccepted(Stream stream) {
                        accepted.add(stream);
                    }

                    @Override
                    public void onAcceptFailed(Transport.Acceptor failing, IOException cause) {
                        acceptFailures.add(cause);
                    }
                });
    }

    @BeforeEach
    void nothingYet() {
        assertThat(accepted).isEmpty();
    }

    @AfterEach
    void close() {
        transport.close();
        peers.forEach(RawPeer::close);
        assertThat(acceptFailures).isEmpty();
    }

    /** Notes what it is told; does what the test says. */
    private static class Told implements StreamHandler {
        final List<String> calls = new ArrayList<>();

        @Override
        public void onReadable() {
            calls.add("readable");
        }

        @Override
        public void onWritable() {
            calls.add("writable");
        }

        @Override
        public void onConnected() {
            calls.add("connected");
        }

        @Override
        public void onConnectFailed(IOException cause) {
            calls.add("failed");
        }
    }

    private void pollUntil(String what, BooleanSupplier condition) {
        Await.until(what, () -> {
            try {
                transport.poll(condition.getAsBoolean() ? 0 : SOON_NANOS);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            return condition.getAsBoolean();
        });
    }

    private RawPeer peer() {
        RawPeer peer = RawPeer.connect(acceptor.localAddress().getPort());
        peers.add(peer);
        return peer;
    }

    private Stream accept(StreamHandler handler) throws IOException {
        pollUntil("accepted", () -> accepted.size() > registered);
        Stream stream = accepted.get(registered++);
        transport.register(stream, handler);
        return stream;
    }

    private static String read(Stream stream) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(1024);
        int n = stream.read(buffer);
        return n <= 0
                ? Integer.toString(n)
                : StandardCharsets.ISO_8859_1.decode(buffer.flip()).toString();
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void aHandlerThatThrowsCostsItsStreamAndNoOtherOne() throws IOException {
        RawPeer unlucky = peer();
        accept(new Told() {
            @Override
            public void onReadable() {
                throw new IllegalStateException("on purpose");
            }
        });
        Told told = new Told();
        RawPeer lucky = peer();
        accept(told);
        try (CapturedLog log = CapturedLog.of(transport.getClass())) {
            unlucky.write("a");
            lucky.write("b");
            pollUntil("the other one is told", () -> told.calls.contains("readable"));
            Await.until("logged once", () -> {
                pollUntil("told again", () -> true);
                return log.lines().size() == 1;
            });
        }
        unlucky.readToEnd();
    }

    @Test
    void acceptsAndReads() throws IOException {
        Told told = new Told();
        RawPeer peer = peer();
        Stream stream = accept(told);
        assertThat(stream.remoteAddress()).isEqualTo(peer.localAddress());
        assertThat(read(stream)).as("nothing there").isEqualTo("0");
        peer.write("Hello");
        pollUntil("readable", () -> !told.calls.isEmpty());
        assertThat(told.calls).containsOnly("readable");
        assertThat(read(stream)).isEqualTo("Hello");
        peer.shutdownOutput();
        told.calls.clear();
        pollUntil("readable", () -> !told.calls.isEmpty());
        assertThat(read(stream)).as("the end").isEqualTo("-1");
    }

    @Test
    void allAddressesMeansThoseOfIpv4Too() throws IOException {
        List<Stream> came = new ArrayList<>();
        Transport.Acceptor everywhere = transport.listen(new InetSocketAddress(0), 16, new Transport.AcceptHandler() {
            @Override
            public void onAccepted(Stream stream) {
                came.add(stream);
            }

            @Override
            public void onAcceptFailed(Transport.Acceptor failing, IOException cause) {
                acceptFailures.add(cause);
            }
        });
        RawPeer peer = RawPeer.connect(everywhere.localAddress().getPort());
        peers.add(peer);
        pollUntil("accepted", () -> !came.isEmpty());
        assertThat(came.get(0).remoteAddress()).isEqualTo(peer.localAddress());
        assertThat(came.get(0).remoteAddress().getAddress()).isInstanceOf(Inet4Address.class);
        came.get(0).close();
        everywhere.close();
    }

    @Test
    void buffersOfTheHeapAreReadAndWrittenToo() throws IOException {
        RawPeer peer = peer();
        Told told = new Told();
        Stream stream = accept(told);
        peer.write("Hello");
        pollUntil("readable", () -> !told.calls.isEmpty());
        ByteBuffer heap = ByteBuffer.allocate(10).position(2).limit(5);
        assertThat(stream.read(heap)).isEqualTo(3);
        assertThat(heap.position()).isEqualTo(5);
        assertThat(heap.get(2)).isEqualTo((byte) 'H');
        ByteBuffer mixed = ByteBuffer.allocateDirect(3).put((byte) 'b').flip();
        assertThat(stream.write(new ByteBuffer[] {bytes("a"), mixed, bytes("c")}, 3))
                .isEqualTo(3);
        assertThat(mixed.hasRemaining()).isFalse();
        assertThat(peer.read(3)).asString(StandardCharsets.ISO_8859_1).isEqualTo("abc");
    }

    @Test
    void readingFailsWhenThePeerResets() throws IOException {
        Told told = new Told();
        RawPeer peer = peer();
        Stream stream = accept(told);
        peer.reset();
        pollUntil("readable", () -> !told.calls.isEmpty());
        assertThatThrownBy(() -> read(stream)).isInstanceOf(IOException.class);
        stream.close();
        stream.close();
        assertThat(stream.remoteAddress().getPort()).isPositive();
    }

    @Test
    void connectsAndTellsSo() throws IOException {
        Told told = new Told();
        try (RawListener listener = RawListener.open()) {
            Stream stream =
                    transport.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.port()), told);
            pollUntil("connected", () -> !told.calls.isEmpty());
            assertThat(told.calls).containsExactly("connected");
            RawPeer peer = listener.accept();
            peers.add(peer);
            peer.write("Hello");
            pollUntil("readable", () -> told.calls.contains("readable"));
            assertThat(read(stream)).isEqualTo("Hello");
            assertThat(stream.write(new ByteBuffer[] {bytes("Good "), bytes("bye"), bytes("not this")}, 2))
                    .isEqualTo(8);
            assertThat(peer.read(8)).asString(StandardCharsets.ISO_8859_1).isEqualTo("Good bye");
        }
    }

    @Test
    void aRefusedConnectionIsToldOnce() throws IOException {
        int port;
        try (RawListener listener = RawListener.open()) {
            port = listener.port();
        }
        Told told = new Told();
        try {
            transport.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), told);
        } catch (IOException atOnce) {
            told.calls.add("failed");
        }
        pollUntil("failed", () -> !told.calls.isEmpty());
        transport.poll(SOON_NANOS);
        assertThat(told.calls).containsExactly("failed");
    }

    @Test
    void takesAsMuchAsThereIsRoomForAndTellsWhenThereIsMore() throws IOException {
        Told told = new Told();
        RawPeer peer = peer();
        Stream stream = accept(told);
        long written = 0;
        ByteBuffer[] buffers = new ByteBuffer[4];
        while (true) {
            for (int i = 0; i < buffers.length; i++) {
                buffers[i] = ByteBuffer.allocateDirect(256 * 1024);
            }
            long n = stream.write(buffers, buffers.length);
            long left = 0;
            for (ByteBuffer buffer : buffers) {
                left += buffer.remaining();
            }
            assertThat(n + left).isEqualTo(4 * 256 * 1024);
            written += n;
            if (n == 0) {
                break;
            }
            assertThat(written).isLessThan(1L << 30);
        }
        transport.poll(0);
        assertThat(told.calls).as("no interest in writing").isEmpty();
        stream.interest(false, true);
        transport.poll(SOON_NANOS);
        assertThat(told.calls).as("no room").isEmpty();
        long total = written;
        CompletableFuture<Void> reading = CompletableFuture.runAsync(() -> peer.read((int) total));
        pollUntil("writable", () -> told.calls.contains("writable"));
        reading.join();
        assertThat(told.calls).containsOnly("writable");
    }

    @Test
    void tellsOnlyWhatIsOfInterest() throws IOException {
        Told told = new Told();
        RawPeer peer = peer();
        Stream stream = accept(told);
        stream.interest(false, false);
        peer.write("Hello");
        transport.poll(SOON_NANOS);
        peer.reset();
        transport.poll(SOON_NANOS);
        assertThat(told.calls).as("not even that the peer is gone").isEmpty();
        stream.interest(true, false);
        pollUntil("readable", () -> !told.calls.isEmpty());
    }

    @Test
    void aNewHandlerIsToldInPlaceOfTheOld() throws IOException {
        Told old = new Told();
        Told next = new Told();
        RawPeer peer = peer();
        Stream stream = accept(old);
        stream.handler(next);
        peer.write("Hello");
        pollUntil("readable", () -> !next.calls.isEmpty());
        assertThat(old.calls).isEmpty();
    }

    @Test
    void aHandlerMayCloseItsOwnAndOtherStreams() throws IOException {
        List<Stream> streams = new ArrayList<>();
        List<String> told = new ArrayList<>();
        List<RawPeer> both = List.of(peer(), peer());
        StreamHandler closesAll = new Told() {
            @Override
            public void onReadable() {
                told.add("readable");
                streams.forEach(Stream::close);
            }

            @Override
            public void onWritable() {
                told.add("writable");
            }
        };
        streams.add(accept(closesAll));
        streams.add(accept(closesAll));
        streams.forEach(stream -> stream.interest(true, true));
        // Bytes on loopback are there when write returns: both are ready in the same poll.
        both.forEach(peer -> peer.write("Hello"));
        pollUntil("readable", () -> told.contains("readable"));
        transport.poll(SOON_NANOS);
        assertThat(told.stream().filter("readable"::equals)).hasSize(1);
        streams.forEach(stream -> stream.interest(true, true)); // harmless
        both.forEach(RawPeer::readToEnd);
    }

    @Test
    void shutdownOutputLeavesTheOtherWayOpen() throws IOException {
        Told told = new Told();
        RawPeer peer = peer();
        Stream stream = accept(told);
        stream.write(new ByteBuffer[] {bytes("last")}, 1);
        stream.shutdownOutput();
        assertThat(peer.read(4)).asString(StandardCharsets.ISO_8859_1).isEqualTo("last");
        peer.expectEof();
        peer.write("still heard");
        pollUntil("readable", () -> !told.calls.isEmpty());
        assertThat(read(stream)).isEqualTo("still heard");
    }

    @Test
    void aWakeUpEndsThePollThatRunsAndTheOneThatComes() throws Exception {
        transport.wakeUp();
        transport.wakeUp();
        transport.poll(Long.MAX_VALUE);

        Thread loop = Thread.currentThread();
        CompletableFuture<Void> waker = CompletableFuture.runAsync(() -> {
            Await.until("the loop waits", () -> loop.getState() != Thread.State.RUNNABLE || inPoll(loop));
            transport.wakeUp();
        });
        transport.poll(Long.MAX_VALUE);
        waker.join();
    }

    private static boolean inPoll(Thread loop) {
        for (StackTraceElement frame : loop.getStackTrace()) {
            if (frame.getMethodName().equals("poll")) {
                return true;
            }
        }
        return false;
    }

    @Test
    void aPollEndsWhenItsTimeIsOver() throws IOException {
        long begin = System.nanoTime();
        transport.poll(SOON_NANOS);
        assertThat(System.nanoTime() - begin)
                .isBetween(SOON_NANOS / 2, Duration.ofSeconds(10).toNanos());
    }

    @Test
    void acceptingCanRest() throws IOException {
        acceptor.accepting(false);
        peer();
        transport.poll(SOON_NANOS);
        assertThat(accepted).isEmpty();
        acceptor.accepting(true);
        pollUntil("accepted", () -> accepted.size() == 1);
        accepted.get(0).close();
    }

    @Test
    void closingEndsStreamsAndFreesThePort() throws IOException {
        RawPeer peer = peer();
        accept(new Told());
        InetSocketAddress address = acceptor.localAddress();
        transport.close();
        peer.expectEof();
        transport = create();
        transport.listen(address, 1, new Transport.AcceptHandler() {
            @Override
            public void onAccepted(Stream stream) {}

            @Override
            public void onAcceptFailed(Transport.Acceptor failing, IOException cause) {}
        });
    }

    @Test
    void anAddressInUseIsAnException() {
        assertThatThrownBy(() -> transport.listen(acceptor.localAddress(), 1, new Transport.AcceptHandler() {
                    @Override
                    public void onAccepted(Stream stream) {}

                    @Override
                    public void onAcceptFailed(Transport.Acceptor failing, IOException cause) {}
                }))
                .isInstanceOf(IOException.class);
    }
}
