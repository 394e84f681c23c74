package dev.bowline.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bowline.testkit.FaultProxy.Direction;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Faults of one link; what concerns many links and new ones is in {@link FaultProxyAdmissionTest}. */
class FaultProxyTest {
    /** A thread each: on two processors the common pool has one, and these tasks block. */
    private static final Executor THREADS = task -> new Thread(task).start();

    private static final Duration SHORT = Duration.ofMillis(60);

    private final RawListener listener = RawListener.open();
    private final FaultProxy proxy = FaultProxy.to("127.0.0.1", listener.port());
    private final RawPeer client = RawPeer.connect(proxy.port());
    private final RawPeer server = listener.accept();
    private final ProxyLink link;

    FaultProxyTest() {
        link = proxy.links().get(0);
    }

    @BeforeEach
    void passesAtFirst() {
        client.write("a");
        assertThat(server.read(1)).containsExactly('a');
        server.write("bc");
        assertThat(client.read(2)).containsExactly('b', 'c');
    }

    @AfterEach
    void close() {
        client.close();
        server.close();
        proxy.close();
        listener.close();
        Leaks.assertNoThreads("fault-proxy-" + proxy.port());
    }

    @Test
    void countsAndNamesItsLinks() {
        assertThat(proxy.acceptedCount()).isEqualTo(1);
        assertThat(link.number()).isEqualTo(1);
        assertThat(link.clientAddress()).isEqualTo(client.localAddress());
        // The peer may read a byte before the proxy has counted it.
        Await.untilEquals("bytes to the server", () -> link.forwardedBytes(Direction.TO_SERVER), 1L);
        Await.untilEquals("bytes to the client", () -> link.forwardedBytes(Direction.TO_CLIENT), 2L);
        assertThat(link).hasToString("link 1: 1 bytes to the server, 2 bytes to the client");
    }

    @Test
    void passesMuchInBothDirectionsAtOnce() {
        byte[] much = Seeded.of(3).bytes(8 << 20);
        CompletableFuture<Void> writing = CompletableFuture.allOf(
                CompletableFuture.runAsync(() -> client.write(much), THREADS),
                CompletableFuture.runAsync(() -> server.write(much), THREADS));
        CompletableFuture<byte[]> atServer = CompletableFuture.supplyAsync(() -> server.read(much.length), THREADS);
        assertThat(client.read(much.length)).isEqualTo(much);
        assertThat(atServer.join()).isEqualTo(much);
        writing.join();
    }

    @Test
    void passesHalfClosesAndThenEnds() {
        client.shutdownOutput();
        server.expectEof();
        server.write("later");
        assertThat(client.read(5)).hasSize(5);
        assertThat(link.isOpen()).isTrue();
        server.close();
        client.expectEof();
        Await.untilEquals("links", () -> proxy.links().size(), 0);
        assertThat(link.isOpen()).isFalse();
        assertThat(link.toString()).contains("(closed)");
    }

    @Test
    void passesResets() {
        client.reset();
        server.expectReset();
        Await.untilEquals("links", () -> proxy.links().size(), 0);
    }

    @Test
    void blackHoleSwallowsBytesAndEndsBothWays() {
        proxy.apply(Fault.blackHole());
        client.write("lost");
        server.write("gone too");
        Await.untilEquals("to server", () -> link.swallowedBytes(Direction.TO_SERVER), 4L);
        Await.untilEquals("to client", () -> link.swallowedBytes(Direction.TO_CLIENT), 8L);
        client.write(new byte[8 << 20]); // never blocks
        client.close();
        server.expectNothing(SHORT);
        assertThat(link.isOpen()).isTrue();

        proxy.apply(Fault.none());
        server.expectEof(); // the end was only held back
    }

    @Test
    void blackHoleHoldsResetsBack() {
        link.apply(Fault.blackHole());
        client.reset();
        server.expectNothing(SHORT);
        server.write("to nobody");
        server.expectNothing(SHORT);
        link.apply(Fault.none());
        server.expectReset();
    }

    @Test
    void blackHoleOneWay() {
        proxy.apply(Direction.TO_CLIENT, Fault.blackHole());
        client.write("heard");
        assertThat(server.read(5)).hasSize(5);
        server.write("not heard");
        server.close();
        client.expectNothing(SHORT);
        client.shutdownOutput();
        client.expectNothing(SHORT);
    }

    @Test
    void blackHoleAfterSoManyBytes() {
        proxy.apply(Direction.TO_SERVER, Fault.blackHoleAfter(3));
        client.write("abcde");
        assertThat(server.read(3)).containsExactly('a', 'b', 'c');
        server.expectNothing(SHORT);
        server.write("x");
        assertThat(client.read(1)).containsExactly('x');
    }

    @Test
    void aStallFillsTheSendersBuffersAndLosesNothing() {
        byte[] much = Seeded.of(5).bytes(24 << 20);
        proxy.apply(Direction.TO_SERVER, Fault.stall());
        CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> client.write(much), THREADS);
        server.expectNothing(SHORT);
        assertThat(writing).isNotDone();
        proxy.apply(Fault.none());
        assertThat(server.read(much.length)).isEqualTo(much);
        writing.join();
    }

    @Test
    void withSmallBuffersAStallIsFeltSoon() {
        byte[] much = Seeded.of(6).bytes(6 << 20); // the system's own of both sides would take that
        try (FaultProxy small = FaultProxy.to("127.0.0.1", listener.port(), 16 << 10);
                RawPeer one = RawPeer.connect(small.port());
                RawPeer other = listener.accept()) {
            small.apply(Fault.stall());
            CompletableFuture<Void> toServer = CompletableFuture.runAsync(() -> one.write(much), THREADS);
            CompletableFuture<Void> toClient = CompletableFuture.runAsync(() -> other.write(much), THREADS);
            one.expectNothing(SHORT);
            other.expectNothing(SHORT);
            assertThat(toServer).isNotDone();
            assertThat(toClient).isNotDone();
            small.apply(Fault.none());
            CompletableFuture<byte[]> atOther = CompletableFuture.supplyAsync(() -> other.read(much.length), THREADS);
            assertThat(one.read(much.length)).isEqualTo(much);
            assertThat(atOther.join()).isEqualTo(much);
            toServer.join();
            toClient.join();
        }
    }

    @Test
    void delayShiftsBytesAndEnd() {
        proxy.apply(Direction.TO_SERVER, Fault.delay(Duration.ofMillis(150)));
        long start = System.nanoTime();
        client.write("a");
        client.write("b");
        assertThat(server.read(2)).containsExactly('a', 'b');
        assertThat(millisSince(start)).isBetween(149L, 5_000L);
        server.write("x");
        client.read(1);
        start = System.nanoTime();
        client.shutdownOutput();
        server.expectEof();
        assertThat(millisSince(start)).isBetween(149L, 5_000L);
    }

    @Test
    void throttleKeepsThePace() {
        proxy.apply(Direction.TO_CLIENT, Fault.throttle(100_000));
        long start = System.nanoTime();
        server.write(new byte[30_000]);
        client.read(30_000);
        assertThat(millisSince(start)).isBetween(250L, 5_000L);
        start = System.nanoTime();
        client.write(new byte[1_000_000]); // the other way is free; at that pace it would take ten seconds
        server.read(1_000_000);
        assertThat(millisSince(start)).isLessThan(5_000L);
    }

    @Test
    void singleBytes() {
        byte[] bytes = Seeded.of(9).bytes(5_000);
        proxy.apply(Fault.singleBytes());
        client.write(bytes);
        assertThat(server.read(bytes.length)).isEqualTo(bytes);
    }

    @Test
    void closeAfterSoManyBytes() {
        proxy.apply(Direction.TO_CLIENT, Fault.closeAfter(4));
        server.write("abcdef");
        assertThat(client.read(4)).containsExactly('a', 'b', 'c', 'd');
        client.expectEof();
        server.expectEof();
        assertThat(proxy.links()).isEmpty();
        assertThat(client.tryWrite((byte) 1)).isTrue(); // swallowed until the client closes as well
    }

    @Test
    void resetAfterSoManyBytes() {
        proxy.apply(Direction.TO_CLIENT, Fault.resetAfter(2));
        server.write("ab");
        assertThat(client.readToEnd()).isIn(new byte[] {'a', 'b'}, new byte[] {'a'}, new byte[0]);
        server.expectReset();
    }

    @Test
    void aCutAfterNothingIsAtOnce() {
        proxy.apply(Fault.resetAfter(0));
        client.expectReset();
        server.expectReset();
    }

    @Test
    void closeShowsFinToBothSides() {
        client.write("x");
        server.read(1);
        link.close();
        assertThat(link.isOpen()).isFalse();
        client.expectEof();
        server.expectEof();
        link.apply(Fault.none());
        link.close();
        client.write("still taken");
    }

    @Test
    void resetShowsRstToBothSides() {
        link.reset();
        client.expectReset();
        server.expectReset();
        link.reset();
        assertThat(proxy.links()).isEmpty();
    }

    @Test
    void aFaultOfOneLinkIsItsOwn() {
        try (RawPeer secondClient = RawPeer.connect(proxy.port());
                RawPeer secondServer = listener.accept()) {
            link.apply(Direction.TO_SERVER, Fault.blackHole());
            secondClient.write("b");
            assertThat(secondServer.read(1)).containsExactly('b');
            client.write("a");
            server.expectNothing(SHORT);
        }
    }

    @Test
    void amountsAreChecked() {
        assertThatIllegalArgumentException().isThrownBy(() -> Fault.throttle(0));
        assertThatIllegalArgumentException().isThrownBy(() -> Fault.closeAfter(-1));
        assertThat(Fault.throttle(9)).hasToString("THROTTLE(9)");
        assertThat(Fault.blackHole()).hasToString("BLACK_HOLE");
    }

    @Test
    void aClosedProxyTakesNoOrders() {
        proxy.close();
        client.expectReset();
        proxy.close();
        assertThatThrownBy(proxy::links).hasMessageContaining("closed");
    }

    private static long millisSince(long startNanos) {
        return (System.nanoTime() - startNanos) / 1_000_000;
    }
}
