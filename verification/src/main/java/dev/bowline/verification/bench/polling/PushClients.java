package dev.bowline.verification.bench.polling;

import dev.bowline.realtime.Bowline;
import dev.bowline.realtime.SessionClient;
import dev.bowline.realtime.SessionClientOptions;
import dev.bowline.realtime.SessionListener;
import dev.bowline.realtime.TopicListener;
import dev.bowline.session.wire.Payload;
import dev.bowline.websocket.WebSocketClient;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Sessions, each with its order's topic; with default options on one event loop. */
final class PushClients implements Clients {
    private static final int AT_A_TIME = 100;

    private final URI uri;
    private final int users;
    private final Listener listener;
    private final WebSocketClient loop = WebSocketClient.builder().eventLoops(1).build();
    private volatile String trouble = ""; // the latest

    PushClients(int port, int users, Listener listener) {
        uri = URI.create("ws://127.0.0.1:" + port + "/");
        this.users = users;
        this.listener = listener;
    }

    @Override
    public void open() throws IOException {
        List<CompletableFuture<Void>> opening = new ArrayList<>();
        for (int user = 0; user < users; user++) {
            SessionClient session = Bowline.connect(
                    uri,
                    SessionClientOptions.builder()
                            .webSocketClient(loop)
                            .client(Browser.webSocket(user))
                            .build(),
                    new Watch(user));
            opening.add(session.subscribe(Orders.topic(user), new Page(user))
                    .ready()
                    .toCompletableFuture());
            if (opening.size() % AT_A_TIME == 0) {
                await(opening);
            }
        }
        await(opening);
    }

    private static void await(List<CompletableFuture<Void>> all) throws IOException {
        try {
            all.forEach(CompletableFuture::join);
        } catch (CompletionException e) {
            throw new IOException("a session was not opened", e);
        }
    }

    @Override
    public void begin() {
        // they have asked for all that they will
    }

    @Override
    public void check() throws IOException {
        if (!trouble.isEmpty()) {
            throw new IOException("a session has had trouble: " + trouble);
        }
    }

    @Override
    public void close() {
        loop.close();
    }

    /** Nothing goes wrong here, and if it did, the figures would not be what they are told to be. */
    private final class Watch implements SessionListener {
        private final int user;

        Watch(int user) {
            this.user = user;
        }

        @Override
        public void onConnectFailed(SessionClient client, IOException cause) {
            trouble = user + " was not connected: " + cause;
        }

        @Override
        public void onDisconnect(SessionClient client, int code, String reason) {
            trouble = user + " was cut off: " + code + " " + reason;
        }
    }

    private final class Page implements TopicListener {
        private final int user;

        Page(int user) {
            this.user = user;
        }

        @Override
        public void onMessage(String topic, long offset, Payload payload) {
            listener.arrived(user, Orders.version(payload.asText()));
        }

        @Override
        public void onGap(String topic, long from, long to, String code) {
            trouble = topic + " has a gap: " + code;
        }

        @Override
        public void onReset(String topic, String code) {
            trouble = topic + " was reset: " + code;
        }

        @Override
        public void onEnded(String pattern, String code) {
            trouble = pattern + " has ended: " + code;
        }
    }
}
