package dev.bowline.verification.conformance;

import dev.bowline.codec.CloseEvent;
import dev.bowline.websocket.ClientOptions;
import dev.bowline.websocket.WebSocket;
import dev.bowline.websocket.WebSocketClient;
import dev.bowline.websocket.WebSocketListener;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Takes our client through all cases of a fuzzing server that is driven by its paths, as the known suite is:
 * {@code /getCaseCount} tells how many there are, {@code /runCase?case=1&agent=…} plays one, {@code /getCaseStatus} waits for
 * its result, {@code /updateReports?agent=…} writes the report.
 */
final class ClientDriver {
    private static final Duration LONGEST_CASE = Duration.ofMinutes(10);

    private final String server;
    private final String agent;
    private final ClientOptions options =
            ClientOptions.builder().connection(Echo.options().build()).build();

    /**
     * @param server such as {@code ws://127.0.0.1:9001}
     * @param agent the name in the report
     */
    ClientDriver(String server, String agent) {
        this.server = server;
        this.agent = agent;
    }

    /** Plays all cases. Returns how many there were. */
    int run() throws InterruptedException, TimeoutException {
        try (WebSocketClient client = WebSocketClient.builder().build()) {
            Answer count = new Answer();
            await(client, "/getCaseCount", count, count.closed);
            int cases = Integer.parseInt(count.text);
            for (int i = 1; i <= cases; i++) {
                Closing echo = new Closing();
                String query = "?case=" + i + "&agent=" + agent;
                await(client, "/runCase" + query, echo, echo.closed);
                Answer status = new Answer(); // comes when the fuzzing server has taken down the result
                await(client, "/getCaseStatus" + query, status, status.closed);
            }
            Closing report = new Closing();
            await(client, "/updateReports?agent=" + agent, report, report.closed);
            return cases;
        }
    }

    private void await(WebSocketClient client, String path, WebSocketListener listener, CompletableFuture<Void> closed)
            throws InterruptedException, TimeoutException {
        client.connect(URI.create(server + path), listener, options).whenComplete((socket, error) -> {
            if (error != null) {
                closed.completeExceptionally(error);
            }
        });
        try {
            closed.get(LONGEST_CASE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot open " + server + path, e.getCause());
        }
    }

    /** Sends back what comes, and tells when it is over. */
    private static final class Closing implements WebSocketListener {
        private final CompletableFuture<Void> closed = new CompletableFuture<>();

        @Override
        public void onText(WebSocket socket, String text) {
            socket.send(text);
        }

        @Override
        public void onBinary(WebSocket socket, ByteBuffer data) {
            socket.send(data);
        }

        @Override
        public void onClose(WebSocket socket, CloseEvent event) {
            closed.complete(null);
        }
    }

    /** Keeps the one message that comes. */
    private static final class Answer implements WebSocketListener {
        private final CompletableFuture<Void> closed = new CompletableFuture<>();
        private volatile String text = "";

        @Override
        public void onText(WebSocket socket, String message) {
            text = message;
        }

        @Override
        public void onClose(WebSocket socket, CloseEvent event) {
            closed.complete(null);
        }
    }
}
