package dev.bowline.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.codec.ProtocolOptions;
import dev.bowline.codec.handshake.HeadLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** SECURITY.md lists the limits with the defaults that they have. */
class SecurityDocumentTest {
    private static final ServerOptions SERVER = ServerOptions.DEFAULT;
    private static final ConnectionOptions CONNECTION = ConnectionOptions.DEFAULT;
    private static final ProtocolOptions PROTOCOL = CONNECTION.protocol();
    private static final ClientOptions CLIENT = ClientOptions.DEFAULT;

    private static Map<String, String> defaults() {
        Map<String, String> defaults = new LinkedHashMap<>();
        HeadLimits head = SERVER.headLimits();
        assertThat(CLIENT.headLimits()).isEqualTo(head);
        defaults.put("request or response head", bytes(head.maxBytes()));
        defaults.put("header fields", count(head.maxHeaders()));
        defaults.put(
                "time for a TLS handshake and the request head, and between two requests",
                seconds(SERVER.handshakeTimeout()));
        defaults.put("time for `onUpgrade` to decide", seconds(SERVER.handshakeTimeout()));
        assertThat(SERVER.allowedOrigins()).isSameAs(AllowedOrigins.SAME_ORIGIN);
        defaults.put("pages that may open a WebSocket", "those of the server's own origin");
        assertThat(SERVER.allowedHosts()).isEmpty();
        defaults.put("hosts that requests may be for", "any");
        defaults.put("message size", bytes(PROTOCOL.maxMessageBytes()));
        defaults.put("frame size", bytes(PROTOCOL.maxFrameBytes()));
        defaults.put("frames of one message", count(PROTOCOL.maxFragments()));
        defaults.put(
                "time for a message, and a second more for each 1,000 bytes of it that came",
                seconds(PROTOCOL.messageTimeout()));
        defaults.put("time for the closing handshake", seconds(PROTOCOL.closeTimeout()));
        defaults.put("silence before a ping", seconds(CONNECTION.heartbeat().interval()));
        defaults.put(
                "wait for anything after that ping",
                seconds(CONNECTION.heartbeat().timeout()));
        defaults.put("outgoing queue of one connection", bytes(CONNECTION.maxQueuedBytes()));
        defaults.put("connections in all", count(SERVER.maxConnections()));
        defaults.put("connections from one address (IPv6: from one /64)", count(SERVER.maxConnectionsPerAddress()));
        assertThat(CONNECTION.maxMessagesPerSecond()).isZero();
        defaults.put("messages per second", "off");
        defaults.put("Java client: time to look up the name and to connect", seconds(CLIENT.connectTimeout()));
        defaults.put("Java client: time for the opening handshake", seconds(CLIENT.handshakeTimeout()));
        defaults.put("reconnecting clients: queue while offline", bytes(ReconnectOptions.DEFAULT.maxQueuedBytes()));
        return defaults;
    }

    private static String bytes(long bytes) {
        return bytes >= 1 << 20 ? (bytes >> 20) + " MiB" : (bytes >> 10) + " KiB";
    }

    private static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static String seconds(Duration duration) {
        return duration.toSeconds() + " s";
    }

    @Test
    void listsTheDefaults() throws IOException {
        String document = Files.readString(Path.of("../SECURITY.md"));
        defaults().forEach((limit, value) -> assertThat(document)
                .as("the row of \"%s\"", limit)
                .contains("\n| " + limit + " | " + value + " | "));
    }
}
