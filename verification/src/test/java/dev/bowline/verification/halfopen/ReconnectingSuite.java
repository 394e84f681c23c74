package dev.bowline.verification.halfopen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.testkit.Await;
import dev.bowline.testkit.Fault;
import dev.bowline.testkit.FaultProxy;
import dev.bowline.testkit.Recorder;
import java.net.URI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a client that reconnects does about a dead line, and the server at the other end; both have a heartbeat. */
abstract class ReconnectingSuite {
    /**
     * A client under test. It records {@code open}, {@code text TEXT}, {@code close CODE}, {@code waiting} before each
     * further attempt, and {@code end}. It has the heartbeat of {@link HalfOpenTest}, waits 200 ms at most, and gives an
     * attempt up after 1 s.
     */
    interface Client extends AutoCloseable {
        Recorder<String> events();

        void send(String text);

        /** Ends it for good. */
        void end();

        @Override
        void close();
    }

    private EchoServer server;
    private FaultProxy proxy;
    private Client client;

    abstract Client connect(URI uri);

    @BeforeEach
    void connect() {
        server = new EchoServer(HalfOpenTest.HEARTBEAT);
        proxy = FaultProxy.to("127.0.0.1", server.port());
        client = connect(HalfOpenTest.uri(proxy));
        client.events().expect("open");
        expectEcho("hello");
    }

    @AfterEach
    void close() {
        if (client != null) {
            client.close();
        }
        proxy.close();
        server.close();
    }

    private void expectEcho(String text) {
        client.send(text);
        client.events().expect("text " + text);
        assertThat(server.connections()).isEqualTo(1);
    }

    /** Closes for good; nobody is left, and nothing else happened. */
    private void expectEnd() {
        client.end();
        client.events().expect("close 1000");
        client.events().expect("end");
        Await.untilEquals("connections", server::connections, 0);
        client.events().assertEmpty();
    }

    @Test
    void aLinkThatLivesIsLeftAlone() throws InterruptedException {
        Thread.sleep(HalfOpenTest.SEVERAL_HEARTBEATS.toMillis());
        client.events().assertEmpty();
        server.closed().assertEmpty();
        assertThat(proxy.acceptedCount()).isEqualTo(1);
        expectEcho("still here");
        expectEnd();
    }

    @Test
    void aDeadLinkIsReplacedByANewOne() {
        proxy.links().get(0).apply(Fault.blackHole());
        client.events().expect("close 1006");
        client.events().expect("waiting");
        HalfOpenTest.expectSilence(server.closed().take());
        client.events().expect("open");
        expectEcho("back");
        assertThat(proxy.acceptedCount()).isGreaterThan(1);
        expectEnd();
    }

    @Test
    void aNetworkThatIsBackIsUsedAgain() {
        proxy.apply(Fault.blackHole());
        client.events().expect("close 1006");
        client.events().expect("waiting");
        HalfOpenTest.expectSilence(server.closed().take());
        Await.untilEquals("connections in the tunnel", server::connections, 0);
        client.events().expect("waiting"); // attempts go into the hole too, and are given up
        client.send("queued in the tunnel");

        proxy.apply(Fault.none());
        String event = client.events().take();
        while (event.equals("waiting")) {
            event = client.events().take();
        }
        assertThat(event).isEqualTo("open");
        client.events().expect("text queued in the tunnel");
        Await.untilEquals("connections", server::connections, 1);
        expectEcho("back");
        expectEnd();
    }
}
