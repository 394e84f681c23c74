package dev.bowline.websocket;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt: a random time below a bound that grows with each retry ("full jitter"), so
 * that the clients of a server that restarts do not come back in one wave.
 *
 * @param base the bound before the first retry; not negative; default 1 s
 * @param factor what each retry multiplies the bound by; at least 1; default 2
 * @param cap what the bound never exceeds; not negative; default 30 s
 */
public record Backoff(Duration base, double factor, Duration cap) {
    public static final Backoff DEFAULT = new Backoff(Duration.ofSeconds(1), 2, Duration.ofSeconds(30));

    public Backoff {
        if (base.isNegative()) {
            throw new IllegalArgumentException("base is " + base + ", must not be negative");
        }
        if (!(factor >= 1)) {
            throw new IllegalArgumentException("factor is " + factor + ", must be at least 1");
        }
        if (cap.isNegative()) {
            throw new IllegalArgumentException("cap is " + cap + ", must not be negative");
        }
    }

    /**
     * Draws the wait before a retry.
     *
     * @param attempt 1 for the first retry since a connection stood, 2 for the next …
     */
    public Duration delay(int attempt, RandomGenerator random) {
        double boundNanos = Math.min((double) cap.toNanos(), base.toNanos() * Math.pow(factor, attempt - 1));
        return Duration.ofNanos((long) (random.nextDouble() * boundNanos));
    }
}
