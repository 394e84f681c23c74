package dev.bowline.verification.bench.nodes;

import dev.bowline.realtime.SessionClient;
import dev.bowline.session.wire.Payload;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What a request and its answer take, by where sessions are kept. */
final class Requests {
    private static final int ASKERS = 32;
    private static final int WARM_UP = 500;
    private static final int WARM_UP_LOAD = 20_000;

    private Requests() {}

    /**
     * Of one mode.
     *
     * @param p50 and p99: of one client that asks nobody but itself, in microseconds
     * @param used for each request of many clients, each of which asks again when it is answered
     * @param perSecond of those
     */
    record Result(Mode mode, double p50, double p99, Usage used, double perSecond) {}

    static Result measure(Installation on, int alone, int together) throws IOException, InterruptedException {
        Latencies latencies = new Latencies();
        try (Clients clients = new Clients()) {
            List<SessionClient> askers = new ArrayList<>();
            for (int i = 0; i < ASKERS; i++) {
                askers.add(clients.connect(on.uri(0), "asker-" + i));
            }
            SessionClient one = askers.get(0);
            for (int i = -WARM_UP; i < alone; i++) {
                long begin = System.nanoTime();
                Payload unused = Clients.await(one.request(NodeMain.ECHO, NodeMain.TEXT));
                if (i >= 0) {
                    latencies.addNanos(System.nanoTime() - begin);
                }
            }
            askAll(askers, WARM_UP_LOAD / ASKERS);
            on.learnIdle(2);
            int each = together / ASKERS;
            Usage used = on.measure(() -> askAll(askers, each));
            double count = (double) each * ASKERS;
            return new Result(
                    on.mode(), latencies.micros(0.5), latencies.micros(0.99), used.per(count), count / used.seconds());
        }
    }

    private static void askAll(List<SessionClient> askers, int each) {
        CompletableFuture<?>[] all = askers.stream()
                .map(asker -> ask(asker, each).toCompletableFuture())
                .toArray(CompletableFuture[]::new);
        Clients.await(CompletableFuture.allOf(all));
    }

    /** One behind the other; the answers come on another thread, so the stack does not grow. */
    private static CompletionStage<Void> ask(SessionClient asker, int left) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        next(asker, left, done);
        return done;
    }

    private static void next(SessionClient asker, int left, CompletableFuture<Void> done) {
        if (left == 0) {
            done.complete(null);
            return;
        }
        asker.request(NodeMain.ECHO, NodeMain.TEXT).whenComplete((answer, failure) -> {
            if (failure != null) {
                done.completeExceptionally(failure);
            } else {
                next(asker, left - 1, done);
            }
        });
    }
}
