package dev.bowline.websocket;

import java.time.Duration;

/**
 * How a dead link is noticed. When nothing was received for {@code interval}, a ping is sent (RFC 6455 §5.5.2); when
 * nothing is received for {@code timeout} after that, the connection is terminated. Any bytes count as life. So that the
 * connections of a server do not ping in lockstep, each ping is sent at a random moment in the last quarter of the
 * interval. While reading is paused, the heartbeat rests.
 *
 * @param interval the longest silence before a ping; zero switches the heartbeat off; default 20 s
 * @param timeout how long to wait for anything to come after the ping; more than zero; default 10 s
 */
public record Heartbeat(Duration interval, Duration timeout) {
    public static final Heartbeat DEFAULT = new Heartbeat(Duration.ofSeconds(20), Duration.ofSeconds(10));
    public static final Heartbeat OFF = new Heartbeat(Duration.ZERO, Duration.ofSeconds(10));

    public Heartbeat {
        if (interval.isNegative()) {
            throw new IllegalArgumentException("interval is " + interval + ", must not be negative; zero means off");
        }
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout is " + timeout + ", must be more than zero");
        }
    }

    public boolean isOn() {
        return !interval.isZero();
    }
}
