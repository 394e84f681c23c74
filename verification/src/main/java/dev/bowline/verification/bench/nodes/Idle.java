package dev.bowline.verification.bench.nodes;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What sessions cost Redis that say nothing. */
final class Idle {
    static final int SUBSCRIPTIONS = 10;

    private static final double SECONDS_PER_MINUTE = 60;

    private Idle() {}

    /**
     * Of one mode.
     *
     * @param node what a node without sessions uses in a second
     * @param session what a session uses in a minute, heartbeat included
     * @param sessionBytes memory of Redis for a session of a user of its own
     * @param subscribedBytes memory of Redis for {@value #SUBSCRIPTIONS} subscriptions of a session, to topics that all have
     */
    record Result(Mode mode, Usage node, Usage session, double sessionBytes, double subscribedBytes) {}

    /**
     * On a Redis on which nothing has been done yet.
     *
     * @param seconds longer than the heartbeat's interval
     */
    static Result measure(Installation on, int nodes, int sessions, int seconds)
            throws IOException, InterruptedException {
        try (Clients clients = new Clients()) {
            clients.openRaw(on.uri(0)).cut(); // the scripts are known from now on
            on.learnIdle(10);
            double none = on.redisBytes();
            List<RawSession> all = clients.openRaw(on.uri(0), sessions);
            TimeUnit.SECONDS.sleep(1); // for what is kept behind the welcome
            double open = on.redisBytes();
            Usage used = on.measure(() -> TimeUnit.SECONDS.sleep(seconds));
            String[] topics = new String[SUBSCRIPTIONS];
            for (int i = 0; i < topics.length; i++) {
                topics[i] = "bench.idle." + i;
            }
            double before = on.redisBytes();
            all.forEach(one -> Clients.await(one.subscribe(topics)));
            TimeUnit.SECONDS.sleep(1);
            double subscribed = on.redisBytes();
            return new Result(
                    on.mode(),
                    on.idle().per(nodes),
                    used.per(sessions * (double) seconds / SECONDS_PER_MINUTE),
                    (open - none) / sessions,
                    (subscribed - before) / sessions);
        }
    }
}
