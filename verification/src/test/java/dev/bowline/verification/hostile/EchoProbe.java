package dev.bowline.verification.hostile;

import dev.bowline.testkit.Await;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A peaceful user of the server: over one connection of the JDK's client it sends a text, waits for its echo, sends the
 * next one, until it is stopped. It wants every echo, in order, within {@link #PATIENCE}.
 */
final class EchoProbe {
    /** Nothing says how fast the machine is; a server that is stuck takes longer. */
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final long PAUSE_MILLIS = 2;

    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    private final WebSocket socket;
    private final Thread thread = new Thread(this::run, "echo-probe");
    private volatile boolean stopped;

    // Written by the probe's thread.
    private volatile int answers;
    private volatile @Nullable Throwable failure;
    private volatile long longestNanos;

    EchoProbe(HttpClient client, URI uri) {
        socket = client.newWebSocketBuilder().buildAsync(uri, new Listener()).join();
        thread.start();
    }

    private void run() {
        try {
            for (int i = 0; !stopped; i++) {
                long start = System.nanoTime();
                String text = "probe " + i;
                socket.sendText(text, true).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
                String echo = received.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
                if (!text.equals(echo)) {
                    throw new AssertionError("sent \"" + text + "\", but came "
                            + (echo == null ? "nothing in " + PATIENCE : "\"" + echo + "\""));
                }
                longestNanos = Math.max(longestNanos, System.nanoTime() - start);
                answers = i + 1;
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException | ExecutionException | TimeoutException | AssertionError e) {
            failure = e;
        }
    }

    /** Fails unless every answer has come, and waits for one that was asked for now. */
    void assertServed() {
        int before = answers;
        Await.until("an echo", PATIENCE.plus(PATIENCE), () -> failure != null || answers > before + 1);
        Throwable failed = failure;
        if (failed != null) {
            throw new AssertionError("the peaceful user was not served", failed);
        }
    }

    int answers() {
        return answers;
    }

    long longestMillis() {
        return TimeUnit.NANOSECONDS.toMillis(longestNanos);
    }

    void stop() throws InterruptedException {
        stopped = true;
        thread.join(PATIENCE.multipliedBy(2).toMillis());
        socket.abort();
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                received.add(text.toString());
                text.setLength(0);
            }
            from.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            received.add("a close with " + code + " " + reason);
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            received.add(error.toString());
        }
    }
}
