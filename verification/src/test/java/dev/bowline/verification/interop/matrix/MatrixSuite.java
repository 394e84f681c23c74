package dev.bowline.verification.interop.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.codec.Role;
import dev.bowline.testkit.FaultProxy;
import dev.bowline.verification.interop.End;
import dev.bowline.verification.interop.Listening;
import dev.bowline.verification.interop.OurEnd;
import dev.bowline.verification.interop.OurServer;
import dev.bowline.verification.interop.Peer;
import dev.bowline.verification.interop.Settings;
import dev.bowline.verification.interop.TestTls;
import dev.bowline.verification.interop.matrix.Results.Result;
import dev.bowline.websocket.ClientOptions;
import dev.bowline.websocket.ConnectionOptions;
import dev.bowline.websocket.ServerOptions;
import dev.bowline.websocket.WebSocketClient;
import dev.bowline.websocket.WebSocketHandshakeException;
import dev.bowline.websocket.tls.ClientTls;
import dev.bowline.websocket.tls.ServerTls;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * All cells of one other implementation, which a subclass names. What was agreed on and how the other one sends is compared with
 * the file of {@link Results}.
 *
 * <p>By default some windows and most of TLS are left out. {@code -Dbowline.interop=full} takes all; {@code write} too, and
 * writes the file and the page.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class MatrixSuite {
    private static final String MODE = System.getProperty("bowline.interop", "");
    private static final boolean WRITE = MODE.equals("write");
    private static final boolean FULL = WRITE || MODE.equals("full");

    /** The other one, as the client, did not take Bowline's answer. */
    private static final class RefusedByPeer extends RuntimeException {
        private static final long serialVersionUID = 1;

        RefusedByPeer(String event) {
            super(event);
        }
    }

    private final Peer peer = peer();
    private final Results expected = Results.of(peer.name());
    private final Map<Cell, Result> found = new LinkedHashMap<>();
    private final WebSocketClient client =
            WebSocketClient.builder().eventLoops(1).build();

    abstract Peer peer();

    List<Cell> cells() {
        return Cell.of(peer).stream().filter(cell -> FULL || cell.isInShort()).toList();
    }

    @AfterAll
    void closeAll() {
        client.close();
        if (WRITE && !found.isEmpty()) {
            expected.replace(peer.version(), found);
            Page.write();
        }
        peer.close();
    }

    @Test
    void theVersionIsTheOneInTheTable() {
        String version = peer.version(); // or the test ends here, where the implementation is missing
        if (peer.isPinned() && !WRITE) {
            assertThat(version).isEqualTo(expected.version());
        }
    }

    @Test
    void everyCellIsInTheTable() {
        if (!WRITE) {
            assertThat(expected.cells().keySet())
                    .containsExactlyElementsOf(
                            Cell.of(peer).stream().map(Cell::toString).toList());
        }
    }

    /**
     * What is not as expected is played a second time, with a word about it: the other implementations have races of their
     * own, and a busy machine finds them.
     */
    @ParameterizedTest
    @MethodSource("cells")
    void talksAsExpected(Cell cell) {
        Result result;
        try {
            result = checked(cell);
        } catch (AssertionError | RuntimeException e) {
            System.err.println(peer.name() + ", " + cell + ", is played again after: " + e);
            result = checked(cell);
        }
        found.put(cell, result);
    }

    private Result checked(Cell cell) {
        Result result = cell.role() == Role.CLIENT ? withOurServer(cell) : withOurClient(cell);
        if (!WRITE) {
            assertThat(result).isEqualTo(expected.expected(cell));
        }
        return result;
    }

    /** One connection, and where there is much to say another that the other end closes. */
    private Result talk(Cell cell, Supplier<Line> connect) {
        Line line = connect.get();
        Exchange exchange = new Exchange(line, cell.set(), peer.abilities());
        try {
            Result result =
                    new Result(exchange.agreed(), exchange.talk(cell.set().isThorough()));
            exchange.close(closesOurs(cell));
            if (cell.set().isThorough()) {
                new Exchange(connect.get(), cell.set(), peer.abilities()).close(!closesOurs(cell));
            }
            return result;
        } catch (AssertionError e) {
            Result expectedResult = expected.expected(cell);
            if (!WRITE && (expectedResult == null || expectedResult.isGood())) {
                throw e;
            }
            return Result.broken(exchange.agreed(), line.verdict());
        } finally {
            line.ours.socket().terminate();
        }
    }

    // ---- the other one as the client

    private Result withOurServer(Cell cell) {
        ServerOptions.Builder options = ServerOptions.builder().eventLoops(1).connection(connection(cell));
        if (cell.tls()) {
            options.tls(ServerTls.of(TestTls.serverSide()));
        }
        try (OurServer server = new OurServer(options.build());
                FaultProxy proxy = FaultProxy.to("127.0.0.1", server.port())) {
            return talk(cell, () -> {
                End end = peer.connect(uri(cell, proxy, ""), settings(cell));
                String opened = end.events().take();
                if (!opened.equals("open -")) {
                    throw new RefusedByPeer(opened);
                }
                OurEnd ours = server.take();
                ours.events().expect("open -");
                return new Line(ours, Role.SERVER, end, proxy);
            });
        } catch (RefusedByPeer e) {
            if (WRITE || Result.REFUSED_BY_PEER.equals(expected.expected(cell))) {
                return Result.REFUSED_BY_PEER;
            }
            throw e;
        }
    }

    // ---- the other one as the server

    private Result withOurClient(Cell cell) {
        ClientOptions options = ClientOptions.builder()
                .connection(connection(cell))
                .tls(ClientTls.of(TestTls.clientSide()))
                .build();
        try (Listening server = peer.listen(settings(cell));
                FaultProxy proxy = FaultProxy.to("127.0.0.1", server.port())) {
            return talk(cell, () -> {
                OurEnd ours = new OurEnd();
                Listening.Awaited awaited = server.await();
                client.connect(uri(cell, proxy, awaited.query()), ours, options)
                        .toCompletableFuture()
                        .join();
                ours.events().expect("open -");
                End end = awaited.end().get();
                end.events().expect("open -");
                return new Line(ours, Role.CLIENT, end, proxy);
            });
        } catch (CompletionException e) {
            if (e.getCause() instanceof WebSocketHandshakeException refusal) {
                return Result.refused(String.valueOf(refusal.getMessage()));
            }
            throw e;
        }
    }

    // ---- settings

    private static URI uri(Cell cell, FaultProxy proxy, String query) {
        return URI.create((cell.tls() ? "wss" : "ws") + "://localhost:" + proxy.port() + "/" + query);
    }

    private static Settings settings(Cell cell) {
        return new Settings(cell.set().askedByPeer(), cell.tls());
    }

    private static ConnectionOptions connection(Cell cell) {
        return ConnectionOptions.builder()
                .extensions(cell.set().extensions(cell.ours()))
                .build();
    }

    private static boolean closesOurs(Cell cell) {
        return ParameterSet.all().indexOf(cell.set()) % 2 == 0;
    }
}
