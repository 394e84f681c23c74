package dev.bowline.verification.bench.nodes;

import dev.bowline.realtime.SessionClient;
import dev.bowline.realtime.SessionListener;
import dev.bowline.realtime.SessionState;
import dev.bowline.realtime.TopicListener;
import dev.bowline.session.wire.Payload;
import dev.bowline.testkit.Await;
import dev.bowline.testkit.TcpBalancer;
import dev.bowline.verification.bench.restart.Curve;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A node is killed, and all of its clients come back to the others, by a balancer, while messages go on. */
final class Return {
    private static final String TOPIC = "bench.return";
    private static final int A_SECOND = 20; // messages
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final AtomicInteger open = new AtomicInteger();
    private final AtomicLong resumed = new AtomicLong();
    private final AtomicLong fresh = new AtomicLong();
    private final List<Reader> readers = new ArrayList<>();

    // Under this object's lock.
    private final Curve openings = new Curve();
    private long killedNanos = Long.MAX_VALUE;

    private Return() {}

    /**
     * What became of it.
     *
     * @param openings of sessions since the kill
     * @param fresh how many got a new session, and were told so
     * @param lost messages that did not come to a client that was to have them
     */
    record Result(Mode mode, int clients, Curve openings, long resumed, long fresh, long published, long lost) {}

    static Result measure(Installation on, int clients) throws IOException, InterruptedException {
        return new Return().play(on, clients);
    }

    /** The first node of three is killed. */
    private Result play(Installation on, int count) throws IOException, InterruptedException {
        try (TcpBalancer balancer = TcpBalancer.start();
                Clients clients = new Clients()) {
            balancer.add(on.port(0));
            URI uri = URI.create("ws://127.0.0.1:" + balancer.port() + "/");
            List<CompletionStage<Void>> ready = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                SessionClient client = clients.connect(uri, "reader-" + i, new Watching());
                Reader reader = new Reader();
                readers.add(reader);
                ready.add(client.subscribe(TOPIC, reader).ready());
            }
            ready.forEach(Clients::await);
            SessionClient publisher = clients.connect(on.uri(1), "writer");
            long published = publish(publisher, 1, A_SECOND); // all have a cursor then
            Await.until("all have the first messages", PATIENCE, () -> haveAll(A_SECOND));
            resumed.set(0);
            fresh.set(0);
            balancer.add(on.port(1));
            balancer.add(on.port(2));
            synchronized (this) {
                killedNanos = System.nanoTime();
            }
            on.kill(0);
            long until = System.nanoTime() + PATIENCE.toNanos();
            while (resumed.get() + fresh.get() < count || open.get() < count) {
                if (System.nanoTime() > until) {
                    throw new IOException(open + " of " + count + " clients are back");
                }
                published = publish(publisher, published + 1, published + A_SECOND / 4);
            }
            long last = publish(publisher, published + 1, published + A_SECOND);
            Await.until("all have all", PATIENCE, () -> haveAll(last));
            return new Result(
                    on.mode(),
                    count,
                    openings,
                    resumed.get(),
                    fresh.get(),
                    last,
                    readers.stream().mapToLong(reader -> reader.lost).sum());
        }
    }

    /** Messages from one number to another one, steadily; returns the last. */
    private static long publish(SessionClient publisher, long from, long to) throws InterruptedException {
        for (long number = from; number <= to; number++) {
            Clients.await(publisher.publish(TOPIC, Long.toString(number)));
            TimeUnit.MILLISECONDS.sleep(1_000 / A_SECOND);
        }
        return to;
    }

    private boolean haveAll(long last) {
        return readers.stream().allMatch(reader -> reader.last == last);
    }

    private synchronized void opened() {
        if (killedNanos != Long.MAX_VALUE) {
            openings.add((System.nanoTime() - killedNanos) / 1_000_000);
        }
    }

    private final class Watching implements SessionListener {
        private boolean wasOpen; // touched by the event loop alone

        @Override
        public void onState(SessionClient client, SessionState state) {
            boolean isOpen = state == SessionState.OPEN;
            if (isOpen != wasOpen) {
                wasOpen = isOpen;
                open.addAndGet(isOpen ? 1 : -1);
            }
        }

        @Override
        public void onOpen(SessionClient client, boolean goesOn, @Nullable String reason) {
            opened();
            (goesOn ? resumed : fresh).incrementAndGet();
        }
    }

    /** What one client was told. The event loop writes, who measures reads. */
    private static final class Reader implements TopicListener {
        private volatile long last;
        private volatile long lost;

        @Override
        public void onMessage(String topic, long offset, Payload payload) {
            long number = Long.parseLong(payload.asText());
            long before = lost;
            lost = before + Math.abs(number - last - 1); // twice is as wrong as never
            last = number;
        }
    }
}
