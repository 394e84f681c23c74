package dev.bowline.verification.nodes;

import dev.bowline.testkit.Seeded;
import java.time.Duration;
import java.util.Locale;

/** The kinds of faults. */
enum Trouble {
    KILL_NODE,
    DRAIN_NODE,
    PAUSE_NODE,
    CUT_SHORT,
    CUT_LONG,
    RESTART_REDIS,
    FAIL_OVER,
    FAIL_OVER_LOSING,
    CUT_CLIENTS;

    /**
     * Has it happen, from its beginning to its end.
     *
     * @return which way it went, for people
     */
    String happen(Site site, Seeded random, Duration lease) throws InterruptedException {
        int node = random.intBetween(0, Site.NODES - 1);
        long leaseMillis = lease.toMillis();
        Duration shortly = Duration.ofMillis(random.longBetween(leaseMillis / 10, leaseMillis / 2));
        Duration longer = Duration.ofMillis(random.longBetween(leaseMillis * 3 / 2, leaseMillis * 3));
        Site.Cut cut = random.oneOf(Site.Cut.values());
        switch (this) {
            case KILL_NODE -> site.kill(node, shortly);
            case DRAIN_NODE -> site.drain(node);
            case PAUSE_NODE -> site.pause(node, longer);
            case CUT_SHORT -> site.cut(node, cut, shortly);
            case CUT_LONG -> site.cut(node, cut, longer);
            case RESTART_REDIS -> site.restartRedis(shortly);
            case FAIL_OVER -> site.failOver(false, Duration.ZERO);
            case FAIL_OVER_LOSING -> site.failOver(true, shortly);
            case CUT_CLIENTS -> site.cutClients();
        }
        return switch (this) {
            case KILL_NODE, DRAIN_NODE -> "node " + (node + 1);
            case PAUSE_NODE -> "node " + (node + 1) + " for " + longer.toMillis() + " ms";
            case CUT_SHORT, CUT_LONG ->
                "node " + (node + 1) + ", " + cut.name().toLowerCase(Locale.ROOT) + ", for "
                        + (this == CUT_SHORT ? shortly : longer).toMillis() + " ms";
            case RESTART_REDIS -> "away for " + shortly.toMillis() + " ms";
            case FAIL_OVER, CUT_CLIENTS -> "";
            case FAIL_OVER_LOSING -> "of " + shortly.toMillis() + " ms";
        };
    }

    boolean needsReplica() {
        return this == FAIL_OVER || this == FAIL_OVER_LOSING;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
