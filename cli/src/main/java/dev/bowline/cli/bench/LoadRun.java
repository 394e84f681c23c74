package dev.bowline.cli.bench;

import dev.bowline.cli.bench.LoadOptions.Mode;
import dev.bowline.websocket.WebSocketClient;
import java.io.IOException;
import java.time.Duration;
import java.util.OptionalDouble;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Runs one load from the first connection to the report. */
public final class LoadRun {
    private static final int ATTEMPTS_AT_ONCE = 256;
    private static final Duration STEP = Duration.ofSeconds(1);

    /** How late a wait for connections may see that the run was ended. */
    private static final Duration CANCEL_STEP = Duration.ofMillis(100);

    private static final Duration DRAIN_STEP = Duration.ofMillis(10);
    private static final Duration MOST_SILENCE = Duration.ofSeconds(10);

    private static final Duration STOP_GRACE = Duration.ofSeconds(2);

    private final Run run;
    private final LoadOptions options;
    private final Progress progress;
    private final Duration mostSilence;
    private final CountDownLatch cancelled = new CountDownLatch(1);
    private final AtomicInteger open = new AtomicInteger();

    /** With no answer for 10 s, the run ends. */
    public LoadRun(LoadOptions options, Progress progress) {
        this(options, progress, MOST_SILENCE);
    }

    /** With no answer for so long, the run ends. */
    LoadRun(LoadOptions options, Progress progress, Duration mostSilence) {
        this.options = options;
        this.progress = progress;
        this.mostSilence = mostSilence;
        this.run = new Run(options);
    }

    /** Ends the run early; it still reports. From any thread. */
    public void cancel() {
        cancelled.countDown();
    }

    /**
     * Runs it.
     *
     * @throws IOException if there is no process whose processor time could be read; one that ends meanwhile is an error of the
     *     report
     */
    public Report run() throws InterruptedException, IOException {
        ProcessTime server =
                options.pid().isPresent() ? new ProcessTime(options.pid().getAsLong()) : null;
        WebSocketClient client =
                WebSocketClient.builder().eventLoops(options.threads()).build();
        Measured measured;
        try {
            Load load = load(client);
            measured = connect(client, load) ? measure(load, server) : new Measured(0, OptionalDouble.empty());
        } finally {
            run.stage.over();
            client.stop(STOP_GRACE); // the meters are at rest then
        }
        Histogram latencies = new Histogram(3);
        run.meters().forEach(meter -> latencies.add(meter.latencies()));
        return new Report(
                options,
                open.get(),
                measured.seconds(),
                run.messages(),
                latencies,
                run.faults.byKind(),
                measured.serverCpuSeconds());
    }

    private Load load(WebSocketClient client) {
        return switch (options.mode()) {
            case ECHO -> new EchoLoad(run);
            case BROADCAST -> new BroadcastLoad(run);
            case HANDSHAKE -> new HandshakeLoad(run, client);
            case IDLE -> new IdleLoad(run);
        };
    }

    /** Opens the connections; false if one could not be opened, or the run was ended. */
    private boolean connect(WebSocketClient client, Load load) throws InterruptedException {
        if (options.mode() == Mode.HANDSHAKE) {
            return true;
        }
        long begin = System.nanoTime();
        Semaphore attempts = new Semaphore(ATTEMPTS_AT_ONCE);
        int wanted = options.connections();
        long told = begin;
        for (int i = 0; i < wanted && run.faults.isEmpty() && cancelled.getCount() > 0; i++) {
            if (!acquire(attempts, 1)) {
                return false;
            }
            client.connect(options.urls().get(i % options.urls().size()), load.listener(i), options.client())
                    .whenComplete((socket, failure) -> {
                        if (failure == null) {
                            open.incrementAndGet();
                        } else if (!run.stage.isOver()) {
                            run.faults.notOpened(failure);
                        }
                        attempts.release();
                    });
            if (System.nanoTime() - told >= STEP.toNanos()) {
                told = System.nanoTime();
                progress.connecting(open.get(), wanted);
            }
        }
        if (!acquire(attempts, ATTEMPTS_AT_ONCE) || !run.faults.isEmpty()) {
            return false;
        }
        progress.connected(open.get(), Duration.ofNanos(System.nanoTime() - begin));
        return true;
    }

    /** Waits, as each attempt has an end at its time limit; false if the run was ended meanwhile, which does not wait for that. */
    private boolean acquire(Semaphore attempts, int permits) throws InterruptedException {
        while (cancelled.getCount() > 0) {
            if (attempts.tryAcquire(permits, CANCEL_STEP.toMillis(), TimeUnit.MILLISECONDS)) {
                return cancelled.getCount() > 0;
            }
        }
        return false;
    }

    private record Measured(double seconds, OptionalDouble serverCpuSeconds) {}

    private Measured measure(Load load, @Nullable ProcessTime server) throws InterruptedException {
        load.start();
        boolean answered = pass(options.warmUp(), false);
        if (!answered) {
            drain(load, false);
            return new Measured(0, OptionalDouble.empty());
        }
        progress.measuring();
        OptionalDouble cpuBefore = processorTime(server);
        long begin = System.nanoTime();
        run.stage.measuring(true);
        answered = pass(options.duration(), true);
        run.stage.measuring(false);
        double seconds = (System.nanoTime() - begin) / 1e9;
        OptionalDouble cpuAfter = cpuBefore.isPresent() ? processorTime(server) : cpuBefore;
        progress.measured();
        drain(load, answered);
        return new Measured(
                seconds,
                cpuAfter.isPresent()
                        ? OptionalDouble.of(cpuAfter.getAsDouble() - cpuBefore.getAsDouble())
                        : OptionalDouble.empty());
    }

    /** What the server has used so far. That it has ended is told among the errors, for the rest of the report still counts. */
    private OptionalDouble processorTime(@Nullable ProcessTime server) {
        if (server == null) {
            return OptionalDouble.empty();
        }
        try {
            return OptionalDouble.of(server.seconds());
        } catch (IOException e) {
            run.faults.add("no processor time: " + e.getMessage());
            return OptionalDouble.empty();
        }
    }

    /**
     * Begins nothing new. What was sent must still be answered: a run is often shorter than the silence that would end it, and one
     * connection may be stuck while the others go on. Of a run that was ended early nothing is expected.
     *
     * @param wait whether the answers may still come
     */
    private void drain(Load load, boolean wait) throws InterruptedException {
        run.stage.draining();
        long seen = run.ever();
        long seenNanos = System.nanoTime();
        // Looked at once in a turn: where nothing was missing, a message on its way to be counted just then is none
        // that is lost.
        long missing = load.outstanding();
        while (wait && missing > 0 && System.nanoTime() - seenNanos < mostSilence.toNanos()) {
            if (cancelled.await(DRAIN_STEP.toNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
            long ever = run.ever();
            if (ever != seen) {
                seen = ever;
                seenNanos = System.nanoTime();
            }
            missing = load.outstanding();
        }
        if (missing > 0 && cancelled.getCount() > 0) {
            run.faults.add("no answer", missing);
        }
    }

    /** Lets time pass, in steps that are told; false if the run was ended or nothing comes any more. */
    private boolean pass(Duration time, boolean told) throws InterruptedException {
        long begin = System.nanoTime();
        long seen = run.ever();
        long seenNanos = begin;
        while (true) {
            long now = System.nanoTime();
            long left = begin + time.toNanos() - now;
            if (left <= 0) {
                return true;
            }
            if (cancelled.await(Math.min(left, STEP.toNanos()), TimeUnit.NANOSECONDS)) {
                return false;
            }
            now = System.nanoTime();
            if (told) {
                progress.progress(Duration.ofNanos(now - begin), time, run.messages(), run.faults.total());
            }
            if (run.ever() != seen) {
                seen = run.ever();
                seenNanos = now;
            } else if (options.mode() != Mode.IDLE && now - seenNanos >= mostSilence.toNanos()) {
                return false;
            }
        }
    }
}
