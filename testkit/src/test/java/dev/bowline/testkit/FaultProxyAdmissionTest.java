package dev.bowline.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bowline.testkit.FaultProxy.Admission;
import dev.bowline.testkit.FaultProxy.Direction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of new connections, and of many. */
class FaultProxyAdmissionTest {
    private static final Duration SHORT = Duration.ofMillis(60);

    private final RawListener listener = RawListener.open();
    private final FaultProxy proxy = FaultProxy.to("127.0.0.1", listener.port());
    private final List<RawPeer> peers = new ArrayList<>();

    @AfterEach
    void close() {
        peers.forEach(RawPeer::close);
        proxy.close();
        listener.close();
        Leaks.assertNoThreads("fault-proxy-" + proxy.port());
    }

    @Test
    void resetsNewConnections() {
        proxy.admit(Admission.RESET);
        assertThatConnectingMeetsReset();
        proxy.admit(Admission.OPEN);
        assertThatItWorks(connect(), accept());
        assertThat(proxy.acceptedCount()).isEqualTo(1);
    }

    @Test
    void leavesNewConnectionsUnanswered() {
        proxy.admit(Admission.SILENT);
        RawPeer client = connect();
        client.expectNothing(SHORT);
        assertThat(proxy.links()).isEmpty();
        proxy.admit(Admission.OPEN);
        assertThatItWorks(client, accept());
    }

    @Test
    void refusesNewConnectionsAndListensAgainOnTheSamePort() {
        RawPeer client = connect();
        RawPeer server = accept();
        proxy.admit(Admission.REFUSED);
        assertThatThrownBy(this::connect).hasMessageContaining("cannot connect");
        assertThatItWorks(client, server);
        proxy.admit(Admission.OPEN);
        assertThatItWorks(connect(), accept());
    }

    @Test
    void aServerThatIsNotThereMeansReset() {
        listener.close();
        assertThatConnectingMeetsReset();
        Await.untilEquals("links", () -> proxy.links().size(), 0);
    }

    @Test
    void faultsHoldForFutureLinks() {
        proxy.apply(Direction.TO_SERVER, Fault.blackHole());
        RawPeer client = connect();
        RawPeer server = accept();
        client.write("lost");
        server.expectNothing(SHORT);
        server.write("b");
        assertThat(client.read(1)).containsExactly('b');
        proxy.apply(Fault.closeAfter(0));
        client.expectEof();
        connect().expectEof();
    }

    @Test
    void holdsAThousandLinks() {
        int count = 1_000;
        List<RawPeer> clients = new ArrayList<>();
        List<RawPeer> servers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            clients.add(connect());
            servers.add(accept());
        }
        assertThat(proxy.links()).hasSize(count);
        clients.forEach(client -> client.write("hello"));
        servers.forEach(server -> assertThat(server.read(5)).hasSize(5));

        proxy.apply(Fault.delay(SHORT));
        servers.forEach(server -> server.write("late"));
        clients.forEach(client -> assertThat(client.read(4)).hasSize(4));

        proxy.apply(Fault.blackHole());
        clients.forEach(client -> client.write("lost"));
        Await.until("all swallowed", () -> proxy.links().stream()
                .allMatch(link -> link.swallowedBytes(Direction.TO_SERVER) == 4));
        proxy.closeAll();
        assertThat(proxy.links()).isEmpty();
        clients.forEach(RawPeer::expectEof);
        servers.forEach(RawPeer::expectEof);
    }

    @Test
    void resetsAll() {
        List<RawPeer> ends = List.of(connect(), accept(), connect(), accept());
        proxy.resetAll();
        ends.forEach(RawPeer::expectReset);
        assertThatItWorks(connect(), accept());
    }

    /** A loop that spins would burn a processor through the whole suite. */
    @Test
    void sleepsWhenNothingHappens() {
        RawPeer client = connect();
        RawPeer server = accept();
        for (Fault fault : List.of(Fault.none(), Fault.blackHole(), Fault.stall(), Fault.throttle(10))) {
            proxy.apply(fault);
            client.write("x");
            server.write("x");
            assertSleeps();
        }
        client.close();
        server.shutdownOutput();
        assertSleeps();
        proxy.apply(Fault.blackHole());
        assertSleeps();
    }

    private void assertSleeps() {
        long before = proxy.turns();
        try (RawPeer idle = connect()) {
            idle.expectNothing(SHORT);
        }
        assertThat(proxy.turns() - before).isLessThan(100);
    }

    /** RST may be there before the attempt to connect has looked at its result. */
    private void assertThatConnectingMeetsReset() {
        assertThatThrownBy(() -> connect().read(1))
                .isInstanceOf(AssertionError.class)
                .hasMessageMatching(".*(Connection reset|but came RST).*");
    }

    private RawPeer connect() {
        RawPeer peer = RawPeer.connect(proxy.port());
        peers.add(peer);
        return peer;
    }

    private RawPeer accept() {
        RawPeer peer = listener.accept();
        peers.add(peer);
        return peer;
    }

    private static void assertThatItWorks(RawPeer client, RawPeer server) {
        client.write("ping");
        assertThat(server.read(4)).hasSize(4);
        server.write("pong");
        assertThat(client.read(4)).hasSize(4);
    }
}
