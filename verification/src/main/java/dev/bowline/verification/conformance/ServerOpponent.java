package dev.bowline.verification.conformance;

import dev.bowline.testkit.RawHandshake;
import dev.bowline.websocket.ServerOptions;
import dev.bowline.websocket.WebSocketServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Our server, to which the fuzzer connects. */
final class ServerOpponent implements Opponent {
    private static final Duration HANDSHAKE_LIMIT = Duration.ofSeconds(10);

    private final Echo echo = new Echo();
    private final WebSocketServer server;

    ServerOpponent() {
        server = start(0, echo);
    }

    /** An echo server as the cases need it. */
    static WebSocketServer start(int port, Echo echo) {
        try {
            return WebSocketServer.builder()
                    .port(port)
                    .options(ServerOptions.builder()
                            .connection(Echo.options().build())
                            .build())
                    .endpoint("/*", echo)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Echo echo() {
        return echo;
    }

    @Override
    public Opened open(Case played, Setting setting) {
        try {
            Wire wire = new Wire(new Socket(InetAddress.getLoopbackAddress(), server.port()), setting);
            String[] offers = played.compressed()
                    ? new String[] {"Sec-WebSocket-Extensions: " + String.join(", ", played.offers())}
                    : new String[0];
            wire.write(RawHandshake.request("127.0.0.1:" + server.port(), "/echo", offers));
            String head = wire.readHead(HANDSHAKE_LIMIT);
            List<String> faults = new ArrayList<>();
            DeflateParameters agreed = null;
            if (!head.startsWith("HTTP/1.1 101 ")
                    || !RawHandshake.acceptFor(RawHandshake.KEY)
                            .equals(RawHandshake.header(head, "Sec-WebSocket-Accept"))) {
                faults.add("not a good answer to the handshake: " + head);
            } else {
                agreed = agreed(played, RawHandshake.header(head, "Sec-WebSocket-Extensions"), faults);
            }
            return new Opened(wire, agreed, faults);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static @Nullable DeflateParameters agreed(Case played, @Nullable String answer, List<String> faults) {
        if (answer == null) {
            return null;
        }
        try {
            DeflateParameters agreed = DeflateParameters.parse(answer, true);
            List<List<String>> each = played.offers().stream()
                    .map(offer -> DeflateParameters.parse(offer, false).faultsOf(agreed))
                    .toList();
            if (each.stream().noneMatch(List::isEmpty)) {
                faults.add("\"" + answer + "\" answers none of the offers: " + each);
            }
            return agreed;
        } catch (IllegalArgumentException e) {
            faults.add(e.getMessage());
            return null;
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
