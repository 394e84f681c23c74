package dev.bowline.verification.bench.http;

import dev.bowline.realtime.Bowline;
import dev.bowline.realtime.SessionClient;
import java.net.URI;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;

/** One session over a WebSocket. */
final class SocketPublisher implements Publisher {
    private final SessionClient session;
    private final int atATime;

    /** @param atATime how many messages are on their way before their results have come */
    SocketPublisher(int port, int atATime) {
        this.session = Bowline.connect(URI.create("ws://127.0.0.1:" + port + "/"));
        this.atATime = atATime;
    }

    @Override
    public long publishUntil(long endNanos) throws InterruptedException {
        Semaphore room = new Semaphore(atATime);
        AtomicReference<Throwable> refused = new AtomicReference<>();
        long published = 0;
        while (System.nanoTime() - endNanos < 0) {
            room.acquire();
            session.publish(ApiNodeMain.TOPIC, ApiNodeMain.TEXT).whenComplete((offset, failure) -> {
                if (failure != null) {
                    refused.set(failure);
                }
                room.release();
            });
            published++;
        }
        room.acquire(atATime);
        if (refused.get() != null) {
            throw new IllegalStateException("refused", refused.get());
        }
        return published;
    }

    @Override
    public void close() {
        session.bye().toCompletableFuture().join();
    }
}
