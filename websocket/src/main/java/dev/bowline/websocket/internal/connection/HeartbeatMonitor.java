package dev.bowline.websocket.internal.connection;

import dev.bowline.websocket.Heartbeat;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Decides when to ping and when to give a connection up; has no clock and no timer of its own. Touched by the
 * connection's event loop alone, but for {@link #roundTripNanos}.
 */
public final class HeartbeatMonitor {
    /** What is to be done. */
    public enum Action {
        NOTHING,
        SEND_PING,
        GIVE_UP
    }

    /** No round trip was measured yet. */
    public static final long UNKNOWN = -1;

    private static final int PING_BYTES = Long.BYTES;

    private final Heartbeat heartbeat;
    private final RandomGenerator random;

    private long aliveNanos; // when the peer last showed life
    private long silenceNanos; // how much silence is allowed this time, of the last quarter of the interval
    private boolean waiting; // whether a ping was sent and nothing came since
    private long pingNanos; // when the last ping was sent; also its payload
    private boolean pingUnanswered; // whether its pong is due
    private volatile long roundTripNanos = UNKNOWN; // read by any thread

    /**
     * @param random spreads the pings of many connections
     */
    public HeartbeatMonitor(Heartbeat heartbeat, RandomGenerator random, long nowNanos) {
        this.heartbeat = heartbeat;
        this.random = random;
        this.aliveNanos = nowNanos;
        drawSilence();
    }

    /**
     * The peer showed life: bytes came, or bytes that had been stuck left.
     *
     * @return whether that ended the wait after a ping, so that {@link #nextNanos} has changed
     */
    public boolean alive(long nowNanos) {
        boolean waited = waiting;
        waiting = false;
        aliveNanos = nowNanos;
        return waited;
    }

    /** When to call {@link #check} next. */
    public long nextNanos() {
        return waiting ? pingNanos + heartbeat.timeout().toNanos() : aliveNanos + silenceNanos;
    }

    /** Looks at the time. After {@link Action#SEND_PING} call {@link #pingSent}. */
    public Action check(long nowNanos) {
        if (nowNanos - nextNanos() < 0) {
            return Action.NOTHING;
        }
        return waiting ? Action.GIVE_UP : Action.SEND_PING;
    }

    /** Notes that a ping is sent now, and returns its payload. */
    public ByteBuffer pingSent(long nowNanos) {
        waiting = true;
        pingUnanswered = true;
        pingNanos = nowNanos;
        drawSilence();
        return ByteBuffer.allocate(PING_BYTES).putLong(nowNanos).flip();
    }

    /**
     * Looks at a pong.
     *
     * @return whether it answers the last ping of this heartbeat, and so is none of the application's
     */
    public boolean pongReceived(ByteBuffer payload, long nowNanos) {
        if (!pingUnanswered || payload.remaining() != PING_BYTES || payload.getLong(payload.position()) != pingNanos) {
            return false;
        }
        pingUnanswered = false;
        roundTripNanos = nowNanos - pingNanos;
        return true;
    }

    boolean isOn() {
        return heartbeat.isOn();
    }

    Duration timeout() {
        return heartbeat.timeout();
    }

    /** The last round trip measured, or {@link #UNKNOWN}. From any thread. */
    public long roundTripNanos() {
        return roundTripNanos;
    }

    private void drawSilence() {
        long intervalNanos = heartbeat.interval().toNanos();
        silenceNanos = intervalNanos - (intervalNanos >= 4 ? random.nextLong(intervalNanos / 4) : 0);
    }
}
