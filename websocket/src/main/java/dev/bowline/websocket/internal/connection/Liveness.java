package dev.bowline.websocket.internal.connection;

import dev.bowline.codec.CloseEvent.Origin;
import dev.bowline.codec.ProtocolError;
import dev.bowline.codec.Violation;
import dev.bowline.codec.WebSocketProtocol;
import dev.bowline.websocket.Heartbeat;
import dev.bowline.websocket.internal.loop.TimingWheel;
import java.nio.ByteBuffer;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The time of one connection: the protocol's deadlines and the heartbeat, on one timer, which it is. Touched by the connection's event loop
 * alone, but for {@link #roundTripNanos}.
 */
final class Liveness extends TimingWheel.Timer {
    private final Connection connection;
    private final WebSocketProtocol protocol;
    private final HeartbeatMonitor heartbeat;
    private long timerNanos; // when the timer fires, where it is set

    Liveness(Connection connection, WebSocketProtocol protocol, Heartbeat heartbeat) {
        this.connection = connection;
        this.protocol = protocol;
        this.heartbeat = new HeartbeatMonitor(
                heartbeat, ThreadLocalRandom.current(), connection.loop().nowNanos());
    }

    /** Sets the timer, after anything that may have changed what it is to wait for. */
    void arm() {
        boolean beating = heartbeat.isOn() && protocol.isOpen();
        if (!beating && !protocol.hasDeadline()) {
            return;
        }
        timerNanos = beating ? heartbeat.nextNanos() : protocol.deadlineNanos();
        if (protocol.hasDeadline() && protocol.deadlineNanos() - timerNanos < 0) {
            timerNanos = protocol.deadlineNanos();
        }
        connection.loop().timers().set(this, timerNanos);
    }

    /** Bytes came, which may have brought about a deadline. */
    void received() {
        // Seldom: only where the heartbeat does not look at the time often enough.
        if (protocol.hasDeadline() && (!isSet() || protocol.deadlineNanos() - timerNanos < 0)) {
            arm();
        }
    }

    /** The peer showed life. */
    void show() {
        if (heartbeat.alive(connection.loop().nowNanos())) {
            arm(); // it stands at the end of the wait that is over now
        }
    }

    /** Whether a pong answers the heartbeat's last ping. */
    boolean pong(ByteBuffer payload) {
        boolean answers = heartbeat.pongReceived(payload, connection.loop().nowNanos());
        if (answers) {
            connection.loop().counters().roundTrip(heartbeat.roundTripNanos());
        }
        return answers;
    }

    void stop() {
        connection.loop().timers().cancel(this);
    }

    /** The last round trip measured, or {@link HeartbeatMonitor#UNKNOWN}. */
    long roundTripNanos() {
        return heartbeat.roundTripNanos();
    }

    @Override
    protected void fire() {
        if (!connection.retryWrite()) {
            return;
        }
        long now = connection.loop().nowNanos();
        if (connection.isReadingPaused()) {
            // Nothing can be heard, so silence means nothing.
            heartbeat.alive(now);
            protocol.readingResumed(now);
        }
        protocol.onDeadline(now);
        if (heartbeat.isOn() && protocol.isOpen()) {
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
                ProtocolError silent = Violation.HEARTBEAT_TIMEOUT.error(
                        "timeout " + heartbeat.timeout().toMillis() + " ms");
                protocol.abort(Origin.LOCAL, silent.message(), silent);
            }
            case NOTHING -> {}
        }
    }
}
