package dev.bowline.verification.bench.nodes;

import dev.bowline.realtime.SessionClient;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** How long a client waits that comes back, on which node, while its own lives and when it is gone. */
final class Resumes {
    private static final String TOPIC = "bench.resume";
    private static final int MISSED = 5; // messages, while a client is away
    private static final int WARM_UP = 100;

    /** When clients come back after the kill: before the lease is over, about then, and after that. */
    private static final int[] AFTER_SECONDS = {0, 2, 5, 8, 15};

    private Resumes() {}

    /** All times are from the beginning of the connection. */
    record Result(String label, int sessions, Latencies welcome, Latencies firstMessage) {}

    /** Comes back to the same node, and to another one while the first lives: one after the other. */
    static List<Result> measureAlive(Installation on, int sessions) throws IOException {
        List<Result> results = new ArrayList<>();
        try (Clients clients = new Clients()) {
            SessionClient publisher = clients.connect(on.uri(1), "writer");
            measure("warm-up", clients, publisher, on.uri(0), on.uri(1), WARM_UP);
            results.add(measure("the same node", clients, publisher, on.uri(0), on.uri(0), sessions));
            results.add(
                    measure("another node, the first one lives", clients, publisher, on.uri(0), on.uri(1), sessions));
        }
        return results;
    }

    private static Result measure(
            String label, Clients clients, SessionClient publisher, URI from, URI to, int sessions) throws IOException {
        List<RawSession> all = subscribed(clients, from, sessions);
        all.forEach(RawSession::cut);
        miss(publisher);
        Result result = new Result(label, sessions, new Latencies(), new Latencies());
        for (RawSession one : all) {
            RawSession back = Clients.await(one.resume(to));
            note(back, result);
            back.cut();
        }
        return result;
    }

    /** The last node of several is killed; its clients come back to the first one, those of each group together. */
    static List<Result> measureKilled(Installation on, int last, int sessions)
            throws IOException, InterruptedException {
        List<Result> results = new ArrayList<>();
        try (Clients clients = new Clients()) {
            SessionClient publisher = clients.connect(on.uri(0), "writer");
            List<List<RawSession>> groups = new ArrayList<>();
            for (int i = 0; i < AFTER_SECONDS.length; i++) {
                groups.add(subscribed(clients, on.uri(last), sessions));
            }
            on.kill(last);
            long killed = System.nanoTime();
            miss(publisher);
            for (int i = 0; i < AFTER_SECONDS.length; i++) {
                long due = killed + TimeUnit.SECONDS.toNanos(AFTER_SECONDS[i]);
                TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
                Result result = new Result(
                        "another node, " + AFTER_SECONDS[i] + " s after the first one was killed",
                        sessions,
                        new Latencies(),
                        new Latencies());
                List<CompletableFuture<RawSession>> back = groups.get(i).stream()
                        .map(one -> one.resume(on.uri(0)).toCompletableFuture())
                        .toList();
                for (CompletableFuture<RawSession> one : back) {
                    note(Clients.await(one), result);
                }
                results.add(result);
            }
        }
        return results;
    }

    private static List<RawSession> subscribed(Clients clients, URI uri, int sessions) {
        List<RawSession> all = clients.openRaw(uri, sessions);
        all.forEach(one -> Clients.await(one.subscribe(TOPIC)));
        all.forEach(one -> Clients.await(one.positioned()));
        return all;
    }

    private static void miss(SessionClient publisher) {
        for (int i = 0; i < MISSED; i++) {
            Clients.await(publisher.publish(TOPIC, NodeMain.TEXT));
        }
    }

    private static void note(RawSession back, Result to) throws IOException {
        if (!back.isResumed()) {
            throw new IOException("a session was lost: " + to.label());
        }
        to.welcome.addNanos(back.welcomeNanos());
        to.firstMessage.addNanos(Clients.await(back.firstMessageNanos()));
    }
}
