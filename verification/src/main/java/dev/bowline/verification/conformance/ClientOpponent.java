package dev.bowline.verification.conformance;

import dev.bowline.testkit.RawHandshake;
import dev.bowline.websocket.ClientOptions;
import dev.bowline.websocket.WebSocketClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Our client, which connects to the fuzzer. */
final class ClientOpponent implements Opponent {
    private static final Duration HANDSHAKE_LIMIT = Duration.ofSeconds(10);

    private final Echo echo = new Echo();
    private final WebSocketClient client = WebSocketClient.builder()
            .eventLoops(1)
            .options(ClientOptions.builder().connection(Echo.options().build()).build())
            .build();
    private final ServerSocket listening;

    ClientOpponent() {
        try {
            listening = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
            listening.setSoTimeout(Math.toIntExact(HANDSHAKE_LIMIT.toMillis()));
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
            var unused = client.connect(URI.create("ws://127.0.0.1:" + listening.getLocalPort() + "/echo"), echo);
            Wire wire = new Wire(listening.accept(), setting);
            String head = wire.readHead(HANDSHAKE_LIMIT);
            List<String> faults = new ArrayList<>();
            String key = RawHandshake.header(head, "Sec-WebSocket-Key");
            if (!head.startsWith("GET /echo HTTP/1.1\r\n") || key == null || !key.matches("[A-Za-z0-9+/]{22}==")) {
                faults.add("not a good request: " + head);
                return new Opened(wire, null, faults);
            }
            DeflateParameters answer = played.compressed()
                    ? answer(played, RawHandshake.header(head, "Sec-WebSocket-Extensions"), faults)
                    : null;
            wire.write(RawHandshake.response(
                    key, answer == null ? new String[0] : new String[] {"Sec-WebSocket-Extensions: " + answer}));
            return new Opened(wire, answer, faults);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Answers one of the client's offers, and demands of the client what the case's offers ask of a server: the first of
     * them that goes with an offer of the client's. A window can be demanded only of a client that offers to keep one
     * (RFC 7692 §7.1.2.2).
     */
    private static @Nullable DeflateParameters answer(Case played, @Nullable String field, List<String> faults) {
        if (field == null) {
            return null;
        }
        try {
            List<DeflateParameters> offers = Arrays.stream(field.split(",", -1))
                    .map(offer -> DeflateParameters.parse(offer, false))
                    .toList();
            for (String wanted : played.offers()) {
                DeflateParameters demand = DeflateParameters.parse(wanted, false);
                for (DeflateParameters offer : offers) {
                    int bits = offer.clientBits() > 0
                            ? Math.min(offer.clientBits(), demand.serverBits())
                            : demand.serverBits();
                    if (bits == 0 || offer.clientBits() != 0) {
                        return new DeflateParameters(
                                demand.serverNoContext(), offer.serverNoContext(), bits, offer.serverBits());
                    }
                }
            }
        } catch (IllegalArgumentException e) {
            faults.add(e.getMessage());
        }
        return null;
    }

    @Override
    public void close() {
        client.close();
        try {
            listening.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
