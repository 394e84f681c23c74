package dev.bowline.verification.bench.polling;

import dev.bowline.testkit.Await;
import dev.bowline.testkit.FaultProxy;
import dev.bowline.verification.bench.polling.Schedule.Change;
import dev.bowline.verification.bench.restart.Child;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One way to deliver, with a server in a process of its own, a proxy that counts, and clients. Used by one thread. */
final class Way implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Kind kind;
    private final int users;
    private final Child server;
    private final FaultProxy proxy;
    private final @Nullable Clients clients;
    private final Arrivals arrivals;
    private Traffic opened = new Traffic(0, 0);

    /**
     * What is compared.
     *
     * @param seconds between two requests of a page, or how long an answer waits at most
     */
    record Kind(String label, How how, int seconds) {}

    /**
     * What was measured.
     *
     * @param opening what all clients together took before the first change
     * @param traffic what went over the wire while it was measured
     * @param handled {@link BenchServer#handled} meanwhile
     * @param cpuNanos processor time of the server's process meanwhile
     */
    record Result(
            Kind kind, int users, Traffic opening, Traffic traffic, long handled, long cpuNanos, Arrivals arrivals) {}

    private record Reading(Traffic traffic, long cpuNanos, long handled) {}

    Way(Kind kind, int users, long seed) throws IOException {
        this.kind = kind;
        this.users = users;
        arrivals = new Arrivals(users);
        server = new Child(ServerMain.class, kind.how().name(), "" + users, "" + kind.seconds());
        proxy = FaultProxy.to("127.0.0.1", (int) server.greeting()[0]);
        clients = clients(seed);
    }

    private @Nullable Clients clients(long seed) throws IOException {
        Clients.Listener listener = (user, version) -> arrivals.arrived(user, version, System.nanoTime());
        return switch (kind.how()) {
            case NOBODY -> null;
            case PUSH -> new PushClients(proxy.port(), users, listener);
            case POLLING -> new HttpClients(proxy.port(), users, Duration.ofSeconds(kind.seconds()), seed, listener);
            case LONG_POLLING -> new HttpClients(proxy.port(), users, null, seed, listener);
        };
    }

    /** Connects all clients, and has them begin. */
    void open() throws IOException {
        if (clients != null) {
            clients.open();
            opened = Traffic.through(proxy);
            clients.begin();
        }
    }

    /**
     * Makes the changes of a schedule, and waits until all that are measured have arrived.
     *
     * @param beginNanos when the schedule begins
     * @param warmUpNanos what comes before that, from the beginning, is not measured
     * @param endNanos when the measurement ends, from the beginning
     */
    Result play(Schedule schedule, long beginNanos, long warmUpNanos, long endNanos) throws IOException {
        @Nullable Reading before = null;
        for (Change change : schedule.changes()) {
            if (before == null && change.atNanos() >= warmUpNanos) {
                before = beginMeasuring(beginNanos + warmUpNanos);
            }
            make(change, beginNanos);
        }
        if (before == null) {
            before = beginMeasuring(beginNanos + warmUpNanos);
        }
        sleepUntil(beginNanos + endNanos);
        Reading after = read();
        if (clients != null) {
            Await.until(kind.label() + " delivers all changes", PATIENCE, arrivals::isComplete);
            clients.check();
        }
        return new Result(
                kind,
                users,
                opened,
                after.traffic().minus(before.traffic()),
                after.handled() - before.handled(),
                after.cpuNanos() - before.cpuNanos(),
                arrivals);
    }

    private Reading beginMeasuring(long atNanos) throws IOException {
        sleepUntil(atNanos);
        arrivals.measure(true);
        return read();
    }

    private void make(Change change, long beginNanos) throws IOException {
        sleepUntil(beginNanos + change.atNanos());
        arrivals.changed(change.order(), change.version(), System.nanoTime());
        server.ask("change " + change.order() + " " + change.version());
    }

    private Reading read() throws IOException {
        long[] usage = server.ask("usage");
        return new Reading(Traffic.through(proxy), usage[0], usage[1]);
    }

    private static void sleepUntil(long nanos) {
        for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    @Override
    public void close() {
        if (clients != null) {
            clients.close();
        }
        proxy.close();
        server.close();
    }
}
