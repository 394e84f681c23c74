package dev.bowline.websocket.internal.reconnect;

import dev.bowline.codec.CloseCode;
import dev.bowline.codec.CloseEvent;
import dev.bowline.codec.Compression;
import dev.bowline.codec.PreparedMessage;
import dev.bowline.codec.WebSocketProtocol;
import dev.bowline.websocket.ReadyState;
import dev.bowline.websocket.ReconnectListener;
import dev.bowline.websocket.ReconnectOptions;
import dev.bowline.websocket.ReconnectingWebSocket;
import dev.bowline.websocket.SendResult;
import dev.bowline.websocket.WebSocket;
import dev.bowline.websocket.WebSocketListener;
import dev.bowline.websocket.internal.client.Client;
import dev.bowline.websocket.internal.connection.Connection;
import dev.bowline.websocket.internal.loop.EventLoop;
import dev.bowline.websocket.internal.loop.TimingWheel;
import dev.bowline.websocket.internal.reconnect.ReconnectState.Connect;
import dev.bowline.websocket.internal.reconnect.ReconnectState.End;
import dev.bowline.websocket.internal.reconnect.ReconnectState.Step;
import dev.bowline.websocket.internal.reconnect.ReconnectState.Wait;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Binds the decisions of {@link ReconnectState} and the messages in the {@link Outbox} to attempts, timers and the
 * listener. All its connections live on one event loop; what is not marked otherwise is touched by that loop alone.
 */
public final class Reconnector implements ReconnectingWebSocket, Client.Dependent {
    private final Client client;
    private final EventLoop loop;
    private final URI uri;
    private final ReconnectListener listener;
    private final ReconnectOptions options;

    private final ReconnectState state;
    private final Events events;
    private final WebSocketListener link = new Link();
    private final TimingWheel.Timer timer = TimingWheel.Timer.of(this::onDue);
    private @Nullable CompletableFuture<WebSocket> attempt; // the one that is under way

    // Any thread.
    private final Outbox outbox;
    private volatile @Nullable WebSocket connection; // written by the thread of its callbacks and the loop, in turn
    private volatile boolean closeCalled;
    private volatile boolean ended;

    public Reconnector(Client client, URI uri, ReconnectListener listener, ReconnectOptions options) {
        this.client = client;
        this.loop = client.nextLoop();
        this.uri = uri;
        this.listener = listener;
        this.options = options;
        this.state = new ReconnectState(options);
        this.events = new Events(loop, listener, options.client().connection().callbackExecutor());
        this.outbox = new Outbox(
                options.maxQueuedBytes(), options.client().connection().maxQueuedBytes());
    }

    /** Begins. */
    public void start() {
        loop.execute(() -> take(state.start()));
    }

    // ---- What to do next ----

    private void take(Step step) {
        if (step instanceof Connect connect) {
            events.tell("onConnecting", () -> listener.onConnecting(this, connect.attempt()), this::connect);
        } else if (step instanceof Wait wait) {
            loop.timers().set(timer, wait.untilNanos());
            events.tell("onWaiting", () -> listener.onWaiting(this, wait.attempt(), wait.delay()), () -> {});
        } else if (step instanceof End end) {
            end(end.event());
        }
    }

    private void connect() {
        if (!state.isConnecting()) {
            return; // closed in onConnecting
        }
        CompletableFuture<WebSocket> opening = client.connect(loop, uri, options.client(), link);
        attempt = opening;
        CompletionStage<WebSocket> stage = opening;
        stage.whenComplete((socket, error) -> {
            if (loop.isInLoop()) {
                attempted(opening, socket, error);
            } else {
                loop.execute(() -> attempted(opening, socket, error)); // the client is closed
            }
        });
    }

    private void attempted(
            CompletableFuture<WebSocket> opening, @Nullable WebSocket socket, @Nullable Throwable error) {
        if (attempt != opening) {
            return; // given up
        }
        attempt = null;
        if (socket != null) {
            connection = socket; // with a callback executor, onOpen may still be to come
            state.opened(loop.nowNanos());
        } else {
            IOException cause = error instanceof IOException e ? e : new IOException("can't connect: " + error, error);
            events.tell(
                    "onConnectFailed",
                    () -> listener.onConnectFailed(this, cause),
                    () -> take(state.failed(cause, loop.nowNanos())));
        }
    }

    private void onDue() {
        take(state.due());
    }

    private void closed(CloseEvent event) {
        connection = null;
        take(state.closed(event, loop.nowNanos()));
    }

    private void end(CloseEvent event) {
        ended = true;
        loop.timers().cancel(timer);
        CompletableFuture<WebSocket> pending = attempt;
        attempt = null;
        if (pending != null) {
            pending.cancel(false);
        }
        List<PreparedMessage> undelivered = outbox.end();
        events.tell("onEnd", () -> listener.onEnd(this, event, undelivered), () -> client.ended(this));
    }

    // ---- From any thread ----

    @Override
    public SendResult send(String text, Compression compression) {
        return outbox.send(socket -> socket.send(text, compression), () -> PreparedMessage.text(text, compression));
    }

    @Override
    public SendResult send(ByteBuffer data, Compression compression) {
        return outbox.send(socket -> socket.send(data, compression), () -> PreparedMessage.binary(data, compression));
    }

    @Override
    public SendResult send(PreparedMessage message) {
        return outbox.send(socket -> socket.send(message), () -> message);
    }

    @Override
    public void close(int code, String reason) {
        WebSocketProtocol.requireClose(code, reason);
        closeCalled = true;
        outbox.refuse();
        // As a task even on the loop: a callback of the listener is not interrupted by another one.
        loop.execute(() -> {
            WebSocket open = connection;
            if (open != null) {
                open.close(code, reason);
            }
            take(state.close());
        });
    }

    @Override
    public void clientCloses() {
        close(CloseCode.GOING_AWAY, "");
    }

    @Override
    public void connectNow() {
        loop.execute(() -> {
            loop.timers().cancel(timer);
            onDue();
        });
    }

    @Override
    public ReadyState readyState() {
        if (ended) {
            return ReadyState.CLOSED;
        }
        if (closeCalled) {
            return ReadyState.CLOSING;
        }
        WebSocket open = connection;
        return open != null && open.readyState() == ReadyState.OPEN ? ReadyState.OPEN : ReadyState.CONNECTING;
    }

    @Override
    public long bufferedAmount() {
        WebSocket open = connection;
        return outbox.waitingBytes() + (open == null ? 0 : open.bufferedAmount());
    }

    @Override
    public Optional<WebSocket> connection() {
        return Optional.ofNullable(connection);
    }

    @Override
    public URI uri() {
        return uri;
    }

    @Override
    public String toString() {
        return "ReconnectingWebSocket[" + uri.getHost() + " " + readyState() + "]";
    }

    /** Hears what happens on each connection, and passes it on. */
    private final class Link implements WebSocketListener {
        @Override
        public void onOpen(WebSocket socket) {
            connection = socket;
            listener.onOpen(socket);
            flush(socket);
        }

        private boolean flush(WebSocket socket) {
            boolean flushed = outbox.flush(socket);
            if (!flushed) {
                ((Connection) socket).awaitDrained(options.client().connection().maxQueuedBytes() / 2);
            }
            return flushed;
        }

        @Override
        public void onTextBytes(WebSocket socket, ByteBuffer utf8) {
            listener.onTextBytes(socket, utf8);
        }

        @Override
        public void onBinary(WebSocket socket, ByteBuffer data) {
            listener.onBinary(socket, data);
        }

        @Override
        public void onPing(WebSocket socket, ByteBuffer payload) {
            listener.onPing(socket, payload);
        }

        @Override
        public void onPong(WebSocket socket, ByteBuffer payload) {
            listener.onPong(socket, payload);
        }

        @Override
        public void onDrained(WebSocket socket) {
            // What waits goes first; the application is told when there is room for more.
            if (flush(socket)) {
                listener.onDrained(socket);
            }
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            listener.onError(socket, error);
        }

        @Override
        public void onClose(WebSocket socket, CloseEvent event) {
            outbox.detach();
            try {
                listener.onClose(socket, event);
            } finally {
                loop.execute(() -> closed(event));
            }
        }
    }
}
