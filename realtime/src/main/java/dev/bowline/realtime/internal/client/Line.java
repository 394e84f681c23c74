package dev.bowline.realtime.internal.client;

import dev.bowline.codec.CloseEvent;
import dev.bowline.realtime.TokenSource;
import dev.bowline.session.wire.Payload;
import dev.bowline.websocket.ClientOptions;
import dev.bowline.websocket.Heartbeat;
import dev.bowline.websocket.SendResult;
import dev.bowline.websocket.WebSocket;
import dev.bowline.websocket.WebSocketListener;
import dev.bowline.websocket.internal.client.Client;
import dev.bowline.websocket.internal.loop.EventLoop;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The connection of a session: none, one that is being made, or one that stands. All are made on one event loop, which alone touches this
 * object and is told what happens. Of a connection that was given up nothing is told any more.
 */
final class Line {
    /** The subprotocol. */
    static final String PROTOCOL = "bowline.v1";

    private static final int NO_COMMON_VERSION = 4504;

    /** What a connection's queue holds beside commands: the greeting, acknowledgements, signs of life. */
    private static final long QUEUE_SLACK_BYTES = 1 << 20;

    /** Whom it tells; called on the event loop. */
    interface Owner {
        /** A token came, for the connection that is about to be made. */
        void token(String token);

        void opened();

        /** The server took the connection, but does not speak the protocol; the connection is given up. */
        void notSpoken(int code, String reason);

        /** A message; its bytes are the owner's. */
        void received(Payload message);

        /** A control frame came. */
        void heard();

        /** No connection could be made. */
        void failed(IOException cause);

        /** The connection is gone. */
        void closed(CloseEvent event);
    }

    private final Client client;
    private final EventLoop loop;
    private final URI uri;
    private final ClientOptions options;
    private final @Nullable TokenSource tokens;
    private final Callbacks callbacks;
    private final Owner owner;
    private @Nullable Link current;
    private boolean paused;

    /**
     * @param options of the application; what is the session's own affair is replaced
     * @param maxOutboxBytes what of commands may have to wait in a connection's queue
     */
    Line(
            Client client,
            EventLoop loop,
            URI uri,
            ClientOptions options,
            long maxOutboxBytes,
            @Nullable TokenSource tokens,
            Callbacks callbacks,
            Owner owner) {
        this.client = client;
        this.loop = loop;
        this.uri = uri;
        this.options = options.toBuilder()
                .subprotocols(PROTOCOL)
                .connection(options.connection().toBuilder()
                        .heartbeat(Heartbeat.OFF) // the protocol has its own, in both directions
                        .callbackExecutor(null) // the session lives on the event loop
                        .maxQueuedBytes(
                                Math.max(options.connection().maxQueuedBytes(), maxOutboxBytes + QUEUE_SLACK_BYTES))
                        .build())
                .build();
        this.tokens = tokens;
        this.callbacks = callbacks;
        this.owner = owner;
    }

    /** Begins to make a connection; one of before was closed, or is gone. */
    void connect() {
        Link link = new Link();
        current = link;
        link.begin();
    }

    /** Sends on the connection that stands; if it does not take the message, it is cut, as a hole would be worse. */
    void send(Payload message) {
        Link link = current;
        if (link != null) {
            link.send(message);
        }
    }

    /** Gives the connection up, whatever its stage; false if there was none yet. */
    boolean close(int code, String reason) {
        Link link = current;
        current = null;
        return link != null && link.giveUp(code, reason);
    }

    /** Stops reading, or goes on with it; holds for the connections to come, too. */
    void pause(boolean pausing) {
        paused = pausing;
        Link link = current;
        if (link != null) {
            link.pace();
        }
    }

    boolean isPaused() {
        return paused;
    }

    private static ByteBuffer copy(ByteBuffer bytes) {
        return ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
    }

    /** One connection, from the wish for it to its end. */
    private final class Link implements WebSocketListener {
        private @Nullable TokenRequest tokenRequest;
        private @Nullable CompletableFuture<WebSocket> attempt;
        private @Nullable WebSocket connection;

        private boolean isCurrent() {
            return current == this;
        }

        void begin() {
            if (tokens == null) {
                dial();
                return;
            }
            tokenRequest = new TokenRequest(
                    loop,
                    token -> {
                        owner.token(token);
                        dial();
                    },
                    this::failed);
            tokenRequest.ask(tokens, callbacks);
        }

        private void dial() {
            CompletableFuture<WebSocket> opening = client.connect(loop, uri, options, this);
            attempt = opening;
            CompletionStage<WebSocket> stage = opening;
            stage.whenComplete((socket, error) -> {
                if (error != null) {
                    IOException cause =
                            error instanceof IOException e ? e : new IOException("can't connect: " + error, error);
                    loop.execute(() -> failed(cause)); // later also on the loop: the session may be just connecting
                }
            });
        }

        private void failed(IOException cause) {
            if (isCurrent()) {
                current = null;
                owner.failed(cause);
            }
        }

        void send(Payload message) {
            WebSocket open = connection;
            if (open == null) {
                return;
            }
            SendResult result = message.isText() ? open.send(message.asText()) : open.send(message.bytes());
            if (result == SendResult.QUEUE_FULL) {
                open.terminate(); // onClose follows, and with the next connection what is missing
            }
        }

        void pace() {
            WebSocket open = connection;
            if (open == null) {
                return;
            }
            if (paused) {
                open.pauseReading();
            } else {
                open.resumeReading();
            }
        }

        boolean giveUp(int code, String reason) {
            if (tokenRequest != null) {
                tokenRequest.cancel();
            }
            if (connection != null) {
                connection.close(code, reason);
            } else if (attempt != null) {
                attempt.cancel(false);
            }
            return connection != null;
        }

        @Override
        public void onOpen(WebSocket socket) {
            if (!isCurrent()) {
                socket.close();
                return;
            }
            connection = socket;
            if (!socket.protocol().equals(PROTOCOL)) {
                String reason = "the server does not speak " + PROTOCOL;
                close(NO_COMMON_VERSION, reason);
                owner.notSpoken(NO_COMMON_VERSION, reason);
                return;
            }
            if (paused) {
                socket.pauseReading();
            }
            owner.opened();
        }

        @Override
        public void onTextBytes(WebSocket socket, ByteBuffer utf8) {
            if (isCurrent()) {
                owner.received(Payload.text(copy(utf8)));
            }
        }

        @Override
        public void onBinary(WebSocket socket, ByteBuffer data) {
            if (isCurrent()) {
                owner.received(Payload.binary(copy(data)));
            }
        }

        @Override
        public void onPing(WebSocket socket, ByteBuffer payload) {
            heard();
        }

        @Override
        public void onPong(WebSocket socket, ByteBuffer payload) {
            heard();
        }

        private void heard() {
            if (isCurrent()) {
                owner.heard();
            }
        }

        @Override
        public void onClose(WebSocket socket, CloseEvent event) {
            // Later: a message that the session is just sending may have brought this about.
            loop.execute(() -> {
                if (isCurrent()) {
                    current = null;
                    owner.closed(event);
                }
            });
        }
    }
}
