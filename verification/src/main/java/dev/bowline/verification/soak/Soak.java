package dev.bowline.verification.soak;

import dev.bowline.testkit.Leaks;
import dev.bowline.testkit.Seeded;
import dev.bowline.verification.soak.Ledger.Count;
import dev.bowline.websocket.Heartbeat;
import dev.bowline.websocket.internal.loop.EventLoop;
import dev.bowline.websocket.internal.loop.EventLoop.Holdings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Rounds of a storm and a calm. In the storm everybody talks, links fail, servers are restarted; in the calm all go home,
 * and whatever is left over is a leak.
 */
final class Soak {
    private final SoakOptions options;
    private final Ledger ledger;
    private final Seeded random;
    private final Set<EventLoop> others = EventLoop.running(); // not ours
    private final Host host;
    private final Weather weather;
    private final Fleet fleet;
    private final List<Calm> calms = new ArrayList<>();
    private final long start = System.nanoTime();

    private Soak(SoakOptions options, Consumer<String> out) {
        this.options = options;
        this.ledger = new Ledger(out);
        this.random = Seeded.of(options.seed());
        // Links that died in silence are to be noticed within the storm, and a slow machine is not to be taken for one.
        Heartbeat heartbeat =
                new Heartbeat(Duration.ofSeconds(2), options.patience().dividedBy(4));
        Tls tls = options.tls() ? new Tls() : null;
        this.host = new Host(options, ledger, heartbeat, tls, Seeded.of(random.nextLong()));
        this.weather = new Weather(ledger, host.port(), Seeded.of(random.nextLong()));
        this.fleet = new Fleet(options, ledger, host, weather, heartbeat, tls);
    }

    /** Plays all rounds; the number of complaints. */
    static int run(SoakOptions options, Consumer<String> out) throws InterruptedException {
        out.accept("seed " + options.seed());
        Soak soak = new Soak(options, out);
        try {
            soak.rounds();
        } finally {
            soak.close();
        }
        return soak.verdict();
    }

    private long elapsedSeconds() {
        return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
    }

    private void rounds() throws InterruptedException {
        // Growth is told from two calms at least, and the first one does not count.
        while (calms.size() < 3 || System.nanoTime() - start < options.time().toNanos()) {
            storm();
            calm();
        }
    }

    // ---- Storm ----

    private void storm() throws InterruptedException {
        List<Thread> all = new ArrayList<>();
        all.add(new Thread(() -> fleet.storm(options.round()), "soak-driver"));
        long seed = random.nextLong();
        BooleanSupplier over = ended(System.nanoTime() + options.round().toNanos());
        all.add(new Thread(() -> cry(Seeded.of(seed), over), "soak-crier"));
        all.add(new Thread(() -> blow(over), "soak-weather"));
        for (int i = 0; i < options.rawPeers(); i++) {
            all.add(new Thread(
                    new RawCaller(options, ledger, host, weather, Seeded.of(random.nextLong()), i + 1, over),
                    "soak-raw-" + i));
        }
        AtomicReference<Throwable> failed = new AtomicReference<>();
        all.forEach(thread -> {
            thread.setUncaughtExceptionHandler((t, e) -> failed.set(e));
            thread.start();
        });
        reportAndRestart(over);
        weather.clear(); // who waits behind a black hole would wait long
        for (Thread thread : all) {
            thread.join(options.patience().multipliedBy(2).toMillis());
            if (thread.isAlive()) {
                ledger.complain("thread " + thread.getName() + " is stuck at " + List.of(thread.getStackTrace()));
            }
        }
        if (failed.get() != null) {
            throw new IllegalStateException("the soak itself failed", failed.get());
        }
    }

    private static BooleanSupplier ended(long endNanos) {
        return () -> System.nanoTime() - endNanos > 0;
    }

    private void reportAndRestart(BooleanSupplier over) throws InterruptedException {
        long restartNanos = options.round().toNanos() / 3;
        long nextRestart = System.nanoTime() + (long) (random.nextDouble() * restartNanos * 2);
        long nextReport = System.nanoTime() + options.report().toNanos();
        while (!over.getAsBoolean()) {
            if (System.nanoTime() - nextRestart > 0) {
                host.restart(Duration.ofMillis(random.oneOf(0, 50, 500, 2_000)));
                nextRestart = System.nanoTime() + (long) (random.nextDouble() * restartNanos * 2);
            }
            if (System.nanoTime() - nextReport > 0) {
                report();
                nextReport += options.report().toNanos();
            }
            Thread.sleep(20);
        }
    }

    private void cry(Seeded seeded, BooleanSupplier over) {
        while (!over.getAsBoolean()) {
            if (seeded.chance(10)) {
                host.broadcast(seeded.nextBoolean());
            }
            host.sendToUser(seeded.intBetween(0, host.users() - 1));
            pause(20);
        }
    }

    private void blow(BooleanSupplier over) {
        while (!over.getAsBoolean()) {
            weather.step();
            pause(Math.max(5, 50_000 / options.connections()));
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the soak", e);
        }
    }

    private void report() {
        ledger.say(String.format(
                "%4d s: %d afloat, %d on the server, %d links; opened %d (%d returned), closed %d (%d cleanly), raw %d, "
                        + "failed attempts %d; sent %d, echoed %d, broadcasts %d, to users %d, pongs %d; faults %d, "
                        + "restarts %d; wrong %d",
                elapsedSeconds(),
                fleet.afloat(),
                host.connections(),
                weather.links(),
                ledger.get(Count.OPENED),
                ledger.get(Count.RETURNS),
                ledger.get(Count.CLOSED),
                ledger.get(Count.CLEAN),
                ledger.get(Count.RAW_SESSIONS),
                ledger.get(Count.ATTEMPTS_FAILED),
                ledger.get(Count.SENT),
                ledger.get(Count.ECHOED),
                ledger.get(Count.BROADCASTS_SEEN),
                ledger.get(Count.USER_SENDS_SEEN),
                ledger.get(Count.PONGS),
                ledger.get(Count.FAULTS),
                ledger.get(Count.RESTARTS),
                ledger.complaints()));
    }

    // ---- Calm ----

    private void calm() throws InterruptedException {
        // Some seconds for those whose line is good to close in order; then the lines are cut.
        boolean home = within(options.patience().dividedBy(10), fleet::settle);
        weather.clear();
        if (!home
                && !within(options.patience().multipliedBy(2), () -> {
                    weather.clear();
                    return fleet.settle();
                })) {
            ledger.complain("some do not come to an end: " + fleet.left());
        }
        if (!within(options.patience(), () -> host.connections() == 0)) {
            ledger.complain("the server still has " + host.connections() + " connections, and nobody is there");
        }
        host.checkEmpty();
        equal("connections of clients opened and closed", Count.OPENED, Count.CLOSED);
        equal("connections of the server opened and closed", Count.GUESTS_OPENED, Count.GUESTS_CLOSED);
        if (!within(options.patience(), () -> host.broadcastsUnderWay() == 0)) {
            ledger.complain(host.broadcastsUnderWay() + " broadcasts have never been completed");
        }
        loopsAreEmpty();
        Calm calm = Calm.measure(ours());
        calms.add(calm);
        report();
        ledger.say(String.format("%4d s: calm %d: %s", elapsedSeconds(), calms.size(), calm));
    }

    private Set<EventLoop> ours() {
        Set<EventLoop> loops = new HashSet<>(EventLoop.running());
        loops.removeAll(others);
        return loops;
    }

    private void loopsAreEmpty() throws InterruptedException {
        List<Holdings> last = List.of();
        long deadline = System.nanoTime() + options.patience().toNanos();
        do {
            Thread.sleep(20);
            last = Calm.holdings(ours());
            int streams = last.stream().mapToInt(Holdings::streams).sum();
            int held = last.stream().mapToInt(h -> h.timers() + h.chunks()).sum();
            if (streams == 1 && held == 0) { // the one is the acceptor
                return;
            }
        } while (System.nanoTime() - deadline < 0);
        ledger.complain("nobody is connected, and event loops hold " + last);
    }

    private void equal(String what, Count one, Count other) throws InterruptedException {
        if (!within(options.patience(), () -> ledger.get(one) == ledger.get(other))) {
            ledger.complain(what + ": " + ledger.get(one) + " and " + ledger.get(other));
        }
    }

    private static boolean within(Duration time, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + time.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            Thread.sleep(20);
        }
        return true;
    }

    // ---- The end ----

    private void close() throws InterruptedException {
        fleet.close();
        host.close();
        weather.close();
        if (!within(options.patience(), () -> ours().isEmpty() && Leaks.countThreads("soak-") == 0)) {
            ledger.complain("threads are left: event loops "
                    + ours().stream().map(EventLoop::name).toList() + ", " + Leaks.countThreads("soak-") + " others");
        }
    }

    private int verdict() {
        Calm.growth(calms).ifPresent(ledger::complain);
        ledger.say(
                ledger.complaints() == 0
                        ? "GOOD: " + calms.size() + " rounds in " + elapsedSeconds() + " s, nothing wrong; seed "
                                + options.seed()
                        : "BAD: " + ledger.complaints() + " times something was wrong; seed " + options.seed());
        return ledger.complaints();
    }
}
