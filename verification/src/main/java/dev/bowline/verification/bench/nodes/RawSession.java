package dev.bowline.verification.bench.nodes;

import dev.bowline.codec.CloseEvent;
import dev.bowline.realtime.Hub;
import dev.bowline.websocket.ClientOptions;
import dev.bowline.websocket.WebSocket;
import dev.bowline.websocket.WebSocketClient;
import dev.bowline.websocket.WebSocketListener;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a session, which says what this says and no more: so its times are the server's. What is known when it is given up is
 * enough to go on with its session on another connection. Its fields change on the event loop; they may be read when a stage has completed.
 */
final class RawSession implements WebSocketListener {
    private static final ClientOptions OPTIONS =
            ClientOptions.builder().subprotocols(Hub.SUBPROTOCOL).build();

    private final WebSocketClient clients;
    private final String hello;
    private final long beganNanos = System.nanoTime();
    private final CompletableFuture<RawSession> welcomed = new CompletableFuture<>();
    private final CompletableFuture<Long> firstMessage = new CompletableFuture<>();
    private final CompletableFuture<Void> positioned = new CompletableFuture<>();

    private volatile @Nullable WebSocket socket;
    private volatile String session = ""; // id and secret, as resume has them
    private volatile boolean resumed;
    private volatile long seen; // the highest number of the direct log
    private volatile long attempts;
    private volatile String topic = ""; // with its epoch; empty for none
    private volatile long offset;
    private volatile long welcomeNanos;
    private final AtomicLong results = new AtomicLong();
    private long asked; // touched by whoever uses it alone
    private volatile CompletableFuture<Void> awaited = new CompletableFuture<>();
    private volatile long awaitedResults = Long.MAX_VALUE;

    private RawSession(WebSocketClient clients, String hello) {
        this.clients = clients;
        this.hello = hello;
    }

    /** Opens a new session. */
    static CompletionStage<RawSession> open(WebSocketClient clients, URI uri, String user) {
        return new RawSession(clients, "hello\nauth " + user).connect(uri);
    }

    /** Goes on with this one's session on another connection. */
    CompletionStage<RawSession> resume(URI uri) {
        long attempt = attempts + 1;
        RawSession next = new RawSession(
                clients,
                "hello\nresume " + session + " " + seen + " " + attempt
                        + (topic.isEmpty() ? "" : "\ntopic " + topic + " " + offset));
        next.attempts = attempt;
        next.seen = seen;
        next.topic = topic;
        next.offset = offset;
        next.asked = asked;
        return next.connect(uri);
    }

    private CompletionStage<RawSession> connect(URI uri) {
        clients.connect(uri, this, OPTIONS).whenComplete((opened, failure) -> {
            if (failure != null) {
                welcomed.completeExceptionally(failure);
            }
        });
        return welcomed;
    }

    @Override
    public void onOpen(WebSocket opened) {
        socket = opened;
        opened.send(hello);
    }

    @Override
    public void onText(WebSocket from, String text) {
        int end = text.indexOf('\n');
        String[] header = (end < 0 ? text : text.substring(0, end)).split(" ", -1);
        switch (header[0]) {
            case "welcome" -> welcome(text);
            case "ping" -> from.send("pong");
            case "ok", "err", "res" -> {
                seen = Long.parseLong(header[1]);
                if (results.incrementAndGet() >= awaitedResults) {
                    awaitedResults = Long.MAX_VALUE;
                    awaited.complete(null);
                }
            }
            case "at" -> {
                topic = header[1] + " " + header[2];
                offset = Long.parseLong(header[3]);
                positioned.complete(null);
            }
            case "pub" -> {
                offset = Long.parseLong(header[2]);
                firstMessage.complete(System.nanoTime() - beganNanos);
            }
            default -> {} // nothing that is measured here
        }
    }

    private void welcome(String text) {
        welcomeNanos = System.nanoTime() - beganNanos;
        for (String line : text.split("\n", -1)) {
            if (line.startsWith("session ")) {
                session = line.substring("session ".length());
            } else if (line.startsWith("resumed ")) {
                resumed = true;
            }
        }
        welcomed.complete(this);
    }

    @Override
    public void onClose(WebSocket from, CloseEvent event) {
        welcomed.completeExceptionally(new IOException("closed with " + event.code() + " " + event.reason()));
    }

    /** Subscribes to topics; completed when it is in effect for all. */
    CompletionStage<Void> subscribe(String... topics) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        awaited = done;
        awaitedResults = results.get() + topics.length;
        for (String one : topics) {
            send("sub " + ++asked + " " + one);
        }
        return done;
    }

    private void send(String message) {
        WebSocket open = socket;
        if (open == null) {
            throw new IllegalStateException("it is not open");
        }
        open.send(message);
    }

    /** Completed when it knows where a topic goes on. */
    CompletionStage<Void> positioned() {
        return positioned;
    }

    /** Is gone, without a word. */
    void cut() {
        WebSocket open = socket;
        if (open != null) {
            open.terminate();
        }
    }

    boolean isResumed() {
        return resumed;
    }

    String id() {
        return session.substring(0, session.indexOf(' '));
    }

    /** From the beginning of the connection until it was welcome. */
    long welcomeNanos() {
        return welcomeNanos;
    }

    /** From the beginning of the connection until the first message of a topic. */
    CompletionStage<Long> firstMessageNanos() {
        return firstMessage;
    }
}
