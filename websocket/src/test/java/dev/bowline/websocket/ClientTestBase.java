package dev.bowline.websocket;

import dev.bowline.testkit.RawHandshake;
import dev.bowline.testkit.RawListener;
import dev.bowline.testkit.Recorder;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A server driven by hand, a client with a loop of its own, and what the client's listener was told. */
abstract class ClientTestBase {
    static final Duration SHORT = Duration.ofMillis(150);

    @RegisterExtension
    final Recorder<String> events = new Recorder<>();

    final RawListener server = RawListener.open();
    final WebSocketClient client = WebSocketClient.builder().eventLoops(1).build();

    @AfterEach
    void close() {
        server.close();
        client.close();
    }

    URI uri() {
        return URI.create("ws://127.0.0.1:" + server.port() + "/chat?token=secret");
    }

    CompletableFuture<WebSocket> connect() {
        return connect(ClientOptions.DEFAULT);
    }

    CompletableFuture<WebSocket> connect(ClientOptions options) {
        return client.connect(uri(), new RecordingListener(events), options).toCompletableFuture();
    }

    static <T> T get(CompletionStage<T> stage) throws IOException {
        try {
            return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw new AssertionError(e);
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    static IOException failure(CompletionStage<WebSocket> stage) {
        try {
            throw new AssertionError("expected a failure, but came " + get(stage));
        } catch (IOException e) {
            return e;
        }
    }

    static String key(String head) {
        return Objects.requireNonNull(RawHandshake.header(head, "Sec-WebSocket-Key"));
    }
}
