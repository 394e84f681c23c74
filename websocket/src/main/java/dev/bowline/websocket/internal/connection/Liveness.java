package dev.bowline.websocket.internal.connection;

import dev.bowline.codec.CloseEvent.Origin;
import dev.bowline.codec.ProtocolError;
import dev.bowline.codec.Violation;
import dev.bowline.codec.WebSocketProtocol;
import dev.bowline.websocket.Heartbeat;
import dev.bowline.websocket.internal.loop.EventLoop;
import dev.bowline.websocket.internal.loop.TimingWheel;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The time of one connection: the protocol's deadlines and the heartbeat, on one timer. Touched by the connection's event loop
 * alone, but for {@link #roundTripNanos}.
 */
final class Liveness {
    private final Connection connection;
    private final EventLoop loop;
    private final WebSocketProtocol protocol;
    private final boolean beats;
    private final Duration timeout;
    private final HeartbeatMonitor heartbeat;
    private final TimingWheel.Timer timer = new TimingWheel.Timer(this::onTimer);
    private long timerNanos; // when the timer fires, where it is set

    private volatile long roundTripNanos = HeartbeatMonitor.UNKNOWN; // read by any thread

    Liveness(Connection connection, EventLoop loop, WebSocketProtocol protocol, Heartbeat heartbeat) {
        this.connection = connection;
        this.loop = loop;
        this.protocol = protocol;
        this.beats = heartbeat.isOn();
        this.timeout = heartbeat.timeout();
        this.heartbeat = new HeartbeatMonitor(heartbeat, ThreadLocalRandom.current(), loop.nowNanos());
    }

    /** Sets the timer, after anything that may have changed what it is to wait for. */
    void arm() {
        boolean beating = beats && protocol.isOpen();
        if (!beating && !protocol.hasDeadline()) {
            return;
        }
        timerNanos = beating ? heartbeat.nextNanos() : protocol.deadlineNanos();
        if (protocol.hasDeadline() && protocol.deadlineNanos() - timerNanos < 0) {
            timerNanos = protocol.deadlineNanos();
        }
        loop.timers().set(timer, timerNanos);
    }

    /** Bytes came, which may have brought about a deadline. */
    void received() {
        // Seldom: only where the heartbeat does not look at the time often enough.
        if (protocol.hasDeadline() && (!timer.isSet() || protocol.deadlineNanos() - timerNanos < 0)) {
            arm();
        }
    }

    /** The peer showed life. */
    void show() {
        if (heartbeat.alive(loop.nowNanos())) {
            arm(); // it stands at the end of the wait that is over now
        }
    }

    /** Whether a pong answers the heartbeat's last ping. */
    boolean pong(ByteBuffer payload) {
        if (heartbeat.pongReceived(payload, loop.nowNanos())) {
            roundTripNanos = heartbeat.roundTripNanos();
            return true;
        }
        return false;
    }

    void stop() {
        loop.timers().cancel(timer);
    }

    /** The last round trip measured, or {@link HeartbeatMonitor#UNKNOWN}. */
    long roundTripNanos() {
        return roundTripNanos;
    }

    private void onTimer() {
        if (!connection.retryWrite()) {
            return;
        }
        long now = loop.nowNanos();
        if (connection.isReadingPaused()) {
            // Nothing can be heard, so silence means nothing.
            heartbeat.alive(now);
            protocol.readingResumed(now);
        }
        protocol.onDeadline(now);
        if (beats && protocol.isOpen()) {
            beat(now);
        }
        if (!connection.isDropped()) {
            arm();
        }
        connection.settle();
    }

    private void beat(long now) {
        switch (heartbeat.check(now)) {
            case SEND_PING -> connection.guarded(() -> protocol.ping(heartbeat.pingSent(now)));
            case GIVE_UP -> {
                ProtocolError silent = Violation.HEARTBEAT_TIMEOUT.error("timeout " + timeout.toMillis() + " ms");
                protocol.abort(Origin.LOCAL, silent.message(), silent);
            }
            case NOTHING -> {}
        }
    }
}
