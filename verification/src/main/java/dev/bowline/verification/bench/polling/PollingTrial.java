package dev.bowline.verification.bench.polling;

import dev.bowline.verification.bench.polling.Way.Kind;
import dev.bowline.verification.bench.polling.Way.Result;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * All ways side by side, at the same time and with the same changes at the same moments: what else the machine does meets all of them.
 *
 * @param users who each have an order open in a page
 * @param every the mean of seconds between two changes of an order
 * @param warmUp seconds that are not measured
 * @param seconds that are
 */
record PollingTrial(int users, double every, double warmUp, double seconds, long seed) {
    static final List<Kind> KINDS = List.of(
            new Kind("polling, every second", How.POLLING, 1),
            new Kind("polling, every 5 s", How.POLLING, 5),
            new Kind("long polling, 25 s", How.LONG_POLLING, 25),
            new Kind("push", How.PUSH, 0),
            new Kind("nobody asks or listens", How.NOBODY, 0));

    private static final double NANOS_PER_SECOND = 1e9;

    /** The results, in the order of the kinds. */
    List<Result> run(List<Kind> kinds) throws IOException, InterruptedException {
        Schedule schedule = Schedule.of(users, every, warmUp + seconds, seed);
        List<Way> ways = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(kinds.size());
        try {
            for (Kind kind : kinds) {
                Way way = new Way(kind, users, seed);
                ways.add(way);
                way.open();
            }
            long begin = System.nanoTime();
            List<Future<Result>> playing = new ArrayList<>();
            for (Way way : ways) {
                playing.add(threads.submit(() -> way.play(schedule, begin, nanos(warmUp), nanos(warmUp + seconds))));
            }
            List<Result> results = new ArrayList<>();
            for (Future<Result> one : playing) {
                results.add(one.get());
            }
            return results;
        } catch (ExecutionException e) {
            throw new IOException("a way has failed", e.getCause());
        } finally {
            threads.shutdownNow();
            ways.forEach(Way::close);
        }
    }

    private static long nanos(double seconds) {
        return (long) (seconds * NANOS_PER_SECOND);
    }
}
