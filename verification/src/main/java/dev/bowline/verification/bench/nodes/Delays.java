package dev.bowline.verification.bench.nodes;

import dev.bowline.realtime.SessionClient;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** How long a message takes from one client to another: both are in this process, so that one clock counts. */
final class Delays {
    private static final int A_SECOND = 200;
    private static final int WARM_UP = 3 * A_SECOND;
    private static final int PATIENCE_SECONDS = 30;
    private static final String FILL = "x".repeat(80);

    private Delays() {}

    /** @param p50 and p99: in microseconds */
    record Result(String label, double p50, double p99, int messages) {}

    /** From a client of the first node to one of the last one. */
    static Result measure(String label, Installation on, int from, int to, int messages)
            throws IOException, InterruptedException {
        return measure(label, on.uri(from), on.uri(to), messages);
    }

    private static Result measure(String label, URI from, URI to, int messages)
            throws IOException, InterruptedException {
        String topic = "bench.delay";
        Latencies latencies = new Latencies();
        Semaphore arrived = new Semaphore(0);
        try (Clients clients = new Clients()) {
            SessionClient subscriber = clients.connect(to, "reader");
            Clients.await(subscriber
                    .subscribe(topic, (name, offset, payload) -> {
                        String text = payload.asText();
                        latencies.addNanos(System.nanoTime() - Long.parseLong(text.substring(0, text.indexOf(' '))));
                        arrived.release();
                    })
                    .ready());
            SessionClient publisher = clients.connect(from, "writer");
            publish(publisher, topic, WARM_UP, arrived);
            latencies.clear();
            publish(publisher, topic, messages, arrived);
        }
        return new Result(label, latencies.micros(0.5), latencies.micros(0.99), latencies.count());
    }

    /** Steadily, whatever becomes of those before; then waits for all. */
    private static void publish(SessionClient publisher, String topic, int messages, Semaphore arrived)
            throws IOException, InterruptedException {
        long begin = System.nanoTime();
        for (int i = 0; i < messages; i++) {
            long due = begin + TimeUnit.SECONDS.toNanos(1) * i / A_SECOND;
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            // due is not what counts, but when it is said: how late this thread wakes is no business of the server's
            var unused = publisher.publish(topic, System.nanoTime() + " " + FILL);
        }
        if (!arrived.tryAcquire(messages, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IOException("of " + messages + " messages, some have not come");
        }
    }
}
