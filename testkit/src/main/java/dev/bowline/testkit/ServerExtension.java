package dev.bowline.testkit;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A JUnit extension that starts a server for each test, on a free port and behind a network that can fail; and checks in the end what was
 * delivered.
 *
 * <pre>{@code
 * @RegisterExtension
 * final ServerExtension server = ServerExtension.of(() -> {
 *     Hub hub = Hub.builder().build();
 *     WebSocketServer started = WebSocketServer.builder().endpoint(hub.endpoint("/live")).start();
 *     return ServerExtension.running(started.port(), () -> {
 *         hub.close();
 *         started.close();
 *     });
 * });
 *
 * @Test
 * void nothingIsLostWhenTheLineIsCut() {
 *     SessionClient client = Bowline.connect(server.uri("/live"), options);
 *     server.network().resetAll();
 *     …
 * }
 * }</pre>
 *
 * <p>It knows nothing of Bowline: any server will do that listens on {@code 127.0.0.1}. To be used on the test's thread, but for
 * {@link #network} and {@link #deliveries}, which are safe from any.
 */
public final class ServerExtension implements BeforeEachCallback, AfterEachCallback {
    /** Starts a server. */
    @FunctionalInterface
    public interface Starter {
        Running start() throws Exception;
    }

    /**
     * A server that runs.
     *
     * @param port of 127.0.0.1
     * @param stop ends it
     */
    public record Running(int port, AutoCloseable stop) {}

    private final Starter starter;
    private @Nullable Running running;
    private @Nullable FaultProxy network;
    private Deliveries deliveries = new Deliveries();

    private ServerExtension(Starter starter) {
        this.starter = starter;
    }

    /**
     * Starts a server for each test.
     *
     * @param starter called before each test; the port should be one that is free, as 0 chooses
     */
    public static ServerExtension of(Starter starter) {
        return new ServerExtension(starter);
    }

    /** A server that runs. */
    public static Running running(int port, AutoCloseable stop) {
        return new Running(port, stop);
    }

    /** Where clients connect, through the network that can fail: {@code ws://127.0.0.1:PORT/path}. */
    public URI uri(String path) {
        return URI.create("ws://127.0.0.1:" + network().port() + path);
    }

    /** The server's own port, past the network. */
    public int port() {
        return started().port();
    }

    /** What lies between clients and the server: cuts, delays and swallows as it is told. */
    public FaultProxy network() {
        if (network == null) {
            throw new IllegalStateException("the server runs during a test alone");
        }
        return network;
    }

    /** What was delivered to whom in this test; checked when it ends. */
    public Deliveries deliveries() {
        return deliveries;
    }

    /** Ends the server and starts another one at another port; whoever comes through the network comes to that one. */
    public void restart() throws Exception {
        FaultProxy before = network();
        started().stop().close();
        Running next = starter.start();
        running = next;
        before.target(next.port());
    }

    private Running started() {
        if (running == null) {
            throw new IllegalStateException("the server runs during a test alone");
        }
        return running;
    }

    @Override
    public void beforeEach(ExtensionContext context) throws Exception {
        deliveries = new Deliveries();
        Running started = starter.start();
        running = started;
        network = FaultProxy.to("127.0.0.1", started.port());
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        Running last = running;
        try {
            if (network != null) {
                network.close();
            }
            if (last != null) {
                last.stop().close();
            }
        } finally {
            network = null;
            running = null;
        }
        deliveries.check();
    }
}
