package dev.bowline.verification.bench.nodes;

import dev.bowline.realtime.Bowline;
import dev.bowline.realtime.SessionClient;
import dev.bowline.realtime.SessionClientOptions;
import dev.bowline.realtime.SessionListener;
import dev.bowline.websocket.WebSocketClient;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Clients of this process, on one event loop. Used by one thread. */
final class Clients implements AutoCloseable {
    /** How many are opened at a time. */
    private static final int AT_A_TIME = 50;

    private static final long PATIENCE_SECONDS = 60;

    private final WebSocketClient sockets =
            WebSocketClient.builder().eventLoops(1).build();
    private final List<SessionClient> sessions = new ArrayList<>();

    SessionClient connect(URI uri, String user) {
        return connect(uri, user, new SessionListener() {});
    }

    SessionClient connect(URI uri, String user, SessionListener listener) {
        SessionClient client = Bowline.connect(
                uri,
                SessionClientOptions.builder()
                        .token(user)
                        .webSocketClient(sockets)
                        .build(),
                listener);
        sessions.add(client);
        return client;
    }

    /** Opens so many sessions, each of a user of its own. */
    List<RawSession> openRaw(URI uri, int count) {
        List<RawSession> all = new ArrayList<>();
        List<CompletionStage<RawSession>> some = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            some.add(RawSession.open(sockets, uri, "raw-" + i));
            if (some.size() == AT_A_TIME || i == count - 1) {
                some.forEach(one -> all.add(await(one)));
                some.clear();
            }
        }
        return all;
    }

    RawSession openRaw(URI uri) {
        return await(RawSession.open(sockets, uri, "raw"));
    }

    /**
     * Waits for what is to come soon.
     *
     * @throws IllegalStateException if it does not
     */
    static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("what is measured has failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Override
    public void close() {
        await(CompletableFuture.allOf(
                sessions.stream().map(one -> one.bye().toCompletableFuture()).toArray(CompletableFuture[]::new)));
        sockets.close();
    }
}
