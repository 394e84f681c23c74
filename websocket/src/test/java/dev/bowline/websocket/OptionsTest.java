package dev.bowline.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bowline.codec.deflate.PermessageDeflate;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Every option is validated once, and the message names it. */
class OptionsTest {
    private static void refused(String message, ThrowingCallable code) {
        assertThatThrownBy(code).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(message);
    }

    @Test
    void everyLimitIsFiniteByDefault() {
        ServerOptions server = ServerOptions.DEFAULT;
        ConnectionOptions connection = server.connection();
        assertThat(server.headLimits().maxBytes()).isEqualTo(8 * 1024);
        assertThat(server.headLimits().maxHeaders()).isEqualTo(64);
        assertThat(server.handshakeTimeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(server.maxConnections()).isEqualTo(100_000);
        assertThat(server.maxConnectionsPerAddress()).isEqualTo(20_000);
        assertThat(server.allowedOrigins()).isSameAs(AllowedOrigins.SAME_ORIGIN);
        assertThat(server.allowedHosts()).isEmpty();
        assertThat(server.eventLoops()).isEqualTo(Runtime.getRuntime().availableProcessors());
        assertThat(connection.protocol().maxMessageBytes()).isEqualTo(1 << 20);
        assertThat(connection.protocol().maxFrameBytes()).isEqualTo(1 << 20);
        assertThat(connection.protocol().maxFragments()).isEqualTo(131_072);
        assertThat(connection.protocol().messageTimeout()).isEqualTo(Duration.ofSeconds(60));
        assertThat(connection.maxQueuedBytes()).isEqualTo(4 << 20);
        assertThat(connection.overflowPolicy()).isEqualTo(OverflowPolicy.REFUSE_MESSAGE);
        assertThat(connection.heartbeat()).isEqualTo(new Heartbeat(Duration.ofSeconds(20), Duration.ofSeconds(10)));
        assertThat(connection.maxMessagesPerSecond()).isZero();
    }

    @Test
    void serverOptionsOutOfRangeAreRefused() {
        refused("eventLoops is 0", () -> ServerOptions.builder().eventLoops(0).build());
        refused("backlog is -1", () -> ServerOptions.builder().backlog(-1).build());
        refused(
                "maxConnections is 0",
                () -> ServerOptions.builder().maxConnections(0).build());
        refused(
                "maxConnectionsPerAddress is 0",
                () -> ServerOptions.builder().maxConnectionsPerAddress(0).build());
        refused("allowed origin \"*\" is no origin", () -> ServerOptions.builder()
                .allowedOrigins("*"));
        refused("allowed host \"a:1\" must have no port", () -> ServerOptions.builder()
                .allowedHosts("a:1"));
        refused("maxBytes is 63", () -> ServerOptions.builder().maxHeadBytes(63).build());
        refused("maxHeaders is 0", () -> ServerOptions.builder().maxHeaders(0).build());
        refused(
                "handshakeTimeout is PT0S",
                () -> ServerOptions.builder().handshakeTimeout(Duration.ZERO).build());
    }

    @Test
    void connectionOptionsOutOfRangeAreRefused() {
        refused(
                "maxMessageBytes is 0",
                () -> ConnectionOptions.builder().maxMessageBytes(0).build());
        refused(
                "maxFrameBytes is -1",
                () -> ConnectionOptions.builder().maxFrameBytes(-1).build());
        refused(
                "maxFragments is 0",
                () -> ConnectionOptions.builder().maxFragments(0).build());
        refused("messageTimeout is PT-1S", () -> ConnectionOptions.builder()
                .messageTimeout(Duration.ofSeconds(-1))
                .build());
        refused("closeTimeout is PT-1S", () -> ConnectionOptions.builder()
                .closeTimeout(Duration.ofSeconds(-1))
                .build());
        refused(
                "maxQueuedBytes is 0",
                () -> ConnectionOptions.builder().maxQueuedBytes(0).build());
        refused(
                "maxMessagesPerSecond is -1",
                () -> ConnectionOptions.builder().maxMessagesPerSecond(-1).build());
    }

    @Test
    void aBuilderCanBeginWithConnectionOptions() {
        ConnectionOptions options = ConnectionOptions.builder()
                .maxMessageBytes(1_000)
                .maxFrameBytes(900)
                .maxFragments(3)
                .messageTimeout(Duration.ofSeconds(4))
                .closeTimeout(Duration.ofSeconds(2))
                .maxQueuedBytes(5_000)
                .overflowPolicy(OverflowPolicy.CLOSE)
                .heartbeat(Heartbeat.OFF)
                .maxMessagesPerSecond(6)
                .callbackExecutor(Runnable::run)
                .extensions(List.of(PermessageDeflate.DEFAULT))
                .build();
        assertThat(options.toBuilder().build()).usingRecursiveComparison().isEqualTo(options);
        assertThat(options.toBuilder().callbackExecutor(null).build().callbackExecutor())
                .isNull();
    }

    @Test
    void heartbeatsOutOfRangeAreRefused() {
        refused("interval is PT-1S", () -> new Heartbeat(Duration.ofSeconds(-1), Duration.ofSeconds(1)));
        refused("timeout is PT0S", () -> new Heartbeat(Duration.ofSeconds(1), Duration.ZERO));
        assertThat(Heartbeat.OFF.isOn()).isFalse();
        assertThat(Heartbeat.DEFAULT.isOn()).isTrue();
        refused("request has 0 characters", () -> new TextHeartbeat("", "b"));
        refused("reply has 126 characters", () -> new TextHeartbeat("a", "b".repeat(126)));
    }

    @Test
    void builderMistakesAreRefused() {
        WebSocketListener listener = new WebSocketListener() {};
        WebSocketServer.Builder builder = WebSocketServer.builder().endpoint("/a", listener);
        refused("port is 65536", () -> builder.port(65_536));
        refused("port is -1", () -> builder.port(-1));
        refused("endpoint at /a already", () -> builder.endpoint("/a", listener));
        StaticResource page = StaticResource.of("text/plain", new byte[0]);
        builder.resource("/page", page);
        refused("resource at /page already", () -> builder.resource("/page", page));
        refused("must begin with a slash", () -> builder.resource("page", page));
    }

    @Test
    void aStaticResourceIsACopyAndEqualContentHasTheSameTag() {
        byte[] content = "abc".getBytes(StandardCharsets.UTF_8);
        StaticResource resource = StaticResource.of("text/plain", content);
        content[0] = 'x';
        resource.content()[1] = 'y';
        assertThat(resource.content()).asString(StandardCharsets.UTF_8).isEqualTo("abc");
        assertThat(resource.etag()).matches("\"[0-9a-f]{16}\"");
        assertThat(StaticResource.of("text/html", "abc".getBytes(StandardCharsets.UTF_8))
                        .etag())
                .isEqualTo(resource.etag());
        assertThat(StaticResource.of("text/plain", content).etag()).isNotEqualTo(resource.etag());
        refused(
                "was not found",
                () -> StaticResource.of("text/html", OptionsTest.class.getResourceAsStream("missing")));
        assertThat(StaticResource.of("text/plain", new ByteArrayInputStream(content))
                        .size())
                .isEqualTo(content.length);
        assertThat(StaticResource.browserModule().content())
                .asString(StandardCharsets.UTF_8)
                .contains("export class ReconnectingWebSocket");
    }
}
