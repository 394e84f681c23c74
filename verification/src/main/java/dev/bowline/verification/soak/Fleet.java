package dev.bowline.verification.soak;

import dev.bowline.codec.deflate.PermessageDeflate;
import dev.bowline.testkit.Seeded;
import dev.bowline.verification.soak.Ledger.Count;
import dev.bowline.websocket.ClientOptions;
import dev.bowline.websocket.ConnectionOptions;
import dev.bowline.websocket.Heartbeat;
import dev.bowline.websocket.WebSocketClient;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The Bowline clients: so many berths, in each of which one life, or one client that returns, follows on the other. One
 * thread, the driver, steps them all.
 */
final class Fleet implements AutoCloseable {
    /** Out of so many berths one is a client that reconnects by itself. */
    private static final int RETURNING = 10;

    private final SoakOptions options;
    private final Ledger ledger;
    private final Host host;
    private final Weather weather;
    private final WebSocketClient client =
            WebSocketClient.builder().eventLoops(2).build();
    private final ExecutorService executor = Executors.newFixedThreadPool(2, task -> new Thread(task, "soak-clients"));
    private final List<ClientOptions> kinds;
    private final List<Berth> berths = new ArrayList<>();
    private final AtomicInteger attempts = new AtomicInteger(); // that are under way
    private final AtomicInteger afloat = new AtomicInteger(); // lives that have begun and not ended
    private volatile boolean calm = true;

    /** @param tls null for none */
    Fleet(SoakOptions options, Ledger ledger, Host host, Weather weather, Heartbeat heartbeat, @Nullable Tls tls) {
        this.options = options;
        this.ledger = ledger;
        this.host = host;
        this.weather = weather;
        PermessageDeflate keeping = PermessageDeflate.builder()
                .ownContext(true)
                .ownWindowBits(10)
                .peerContext(true)
                .build();
        kinds = List.of(
                kind(heartbeat, tls, List.of(), false),
                kind(heartbeat, tls, List.of(), true),
                kind(heartbeat, tls, List.of(PermessageDeflate.DEFAULT), false),
                kind(heartbeat, tls, List.of(keeping), true));
        for (int i = 0; i < options.connections(); i++) {
            berths.add(i % RETURNING == 0 ? new ReturningBerth(i) : new LifeBerth(i));
        }
    }

    private ClientOptions kind(
            Heartbeat heartbeat, @Nullable Tls tls, List<PermessageDeflate> extensions, boolean onExecutor) {
        ConnectionOptions.Builder connection = ConnectionOptions.builder()
                .heartbeat(heartbeat)
                .closeTimeout(options.patience().dividedBy(3))
                .extensions(List.copyOf(extensions));
        if (onExecutor) {
            connection.callbackExecutor(executor);
        }
        ClientOptions.Builder some = ClientOptions.builder()
                .connectTimeout(options.patience().dividedBy(2))
                .handshakeTimeout(options.patience().dividedBy(2))
                .connection(connection.build());
        return tls == null ? some.build() : some.tls(tls.client()).build();
    }

    /** One place of the fleet. Touched by the driver, but for what is marked otherwise. */
    private abstract class Berth implements Comparable<Berth> {
        final Seeded random;
        final long number;
        long due;

        Berth(int number) {
            this.number = number;
            this.random = Seeded.of(options.seed() * 1_000_003 + number);
        }

        /** Does the next thing. */
        abstract void step();

        /** Ends what is here; true when nothing is left. */
        abstract boolean settle();

        URI uri(boolean direct) {
            int port = direct ? host.port() : weather.port(random);
            return URI.create((options.tls() ? "wss" : "ws") + "://127.0.0.1:" + port + "/?user=" + user());
        }

        long user() {
            return number % host.users();
        }

        @Override
        public int compareTo(Berth other) {
            return Long.compare(due, other.due);
        }
    }

    /** One connection after the other. */
    private final class LifeBerth extends Berth {
        private volatile @Nullable Life life; // null while none has begun; also set by the event loop, when it failed
        private long lives;
        private long endedAt;

        LifeBerth(int number) {
            super(number);
        }

        @Override
        void step() {
            Life present = life;
            if (present == null) {
                begin();
            } else if (present.isOver()) {
                over();
            } else if (present.hasEnded()) {
                complainIfStuck(present);
            } else {
                present.step();
                endedAt = System.nanoTime();
            }
        }

        private void begin() {
            boolean direct = random.nextBoolean();
            Life born =
                    new Life(ledger, host, Seeded.of(random.nextLong()), number * 1_000_000 + lives++, user(), direct);
            life = born;
            attempts.incrementAndGet();
            afloat.incrementAndGet();
            endedAt = System.nanoTime();
            client.connect(uri(direct), born, random.oneOf(kinds)).whenComplete((socket, error) -> {
                attempts.decrementAndGet();
                if (error != null) {
                    ledger.count(Count.ATTEMPTS_FAILED);
                    if (born.undisturbed()) {
                        ledger.complain(born + ": did not open, and nothing was in the way: " + error);
                    }
                    over();
                }
            });
        }

        /** By the driver, or, when an attempt failed, by the event loop. */
        private void over() {
            if (life != null) {
                life = null;
                afloat.decrementAndGet();
            }
        }

        private void complainIfStuck(Life present) {
            if (System.nanoTime() - endedAt > options.patience().toNanos()) {
                ledger.complain(present + ": was ended, and onClose has not come in " + options.patience());
                over();
            }
        }

        @Override
        boolean settle() {
            Life present = life;
            if (present != null) {
                if (present.isOver()) {
                    over();
                } else {
                    present.endNow();
                }
            }
            return life == null;
        }
    }

    /** A client that comes back by itself, again and again. */
    private final class ReturningBerth extends Berth {
        private @Nullable Returner returner;
        private long lives;

        ReturningBerth(int number) {
            super(number);
        }

        @Override
        void step() {
            Returner present = returner;
            if (present == null) {
                Returner born =
                        new Returner(ledger, Seeded.of(random.nextLong()), number * 1_000_000 + lives++, user());
                returner = born;
                afloat.incrementAndGet();
                born.start(client, uri(random.nextBoolean()), random.oneOf(kinds));
            } else if (present.isOver()) {
                returner = null;
                afloat.decrementAndGet();
            } else {
                present.step();
            }
        }

        @Override
        boolean settle() {
            Returner present = returner;
            if (present != null) {
                if (present.isOver()) {
                    returner = null;
                    afloat.decrementAndGet();
                } else {
                    present.endNow();
                }
            }
            return returner == null;
        }
    }

    /** Lets them sail for so long. */
    void storm(Duration time) {
        calm = false;
        long perStep = TimeUnit.SECONDS.toNanos(berths.size()) / options.stepsPerSecond(); // of one berth
        long start = System.nanoTime();
        long end = start + time.toNanos();
        PriorityQueue<Berth> queue = new PriorityQueue<>();
        for (Berth berth : berths) {
            berth.due = start + (long) (berth.random.nextDouble() * perStep);
            queue.add(berth);
        }
        for (Berth next = queue.remove(); next.due < end && System.nanoTime() < end; next = queue.remove()) {
            for (long wait = next.due - System.nanoTime(); wait > 0; wait = next.due - System.nanoTime()) {
                LockSupport.parkNanos(wait);
            }
            next.step();
            next.due += (long) (next.random.nextDouble() * 2 * perStep);
            queue.add(next);
        }
        calm = true;
    }

    boolean isCalm() {
        return calm;
    }

    /** Ends all; true when nobody is left. Called until then. */
    boolean settle() {
        boolean empty = true;
        for (Berth berth : berths) {
            empty &= berth.settle();
        }
        return empty && attempts.get() == 0;
    }

    int afloat() {
        return afloat.get();
    }

    /** Who is left, for a complaint. */
    String left() {
        return berths.stream()
                .filter(berth -> !berth.settle())
                .limit(5)
                .map(berth ->
                        berth instanceof LifeBerth place ? String.valueOf(place.life) : "a returner " + berth.number)
                .toList()
                .toString();
    }

    @Override
    public void close() {
        client.close();
        executor.shutdown();
    }
}
