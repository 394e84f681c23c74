package dev.bowline.websocket.internal.reconnect;

import dev.bowline.codec.CloseCode;
import dev.bowline.codec.CloseEvent;
import dev.bowline.codec.CloseEvent.Origin;
import dev.bowline.codec.ProtocolError;
import dev.bowline.websocket.ReconnectOptions;
import dev.bowline.websocket.ReconnectRule;
import dev.bowline.websocket.WebSocketHandshakeException;
import dev.bowline.websocket.internal.log.Log;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Decides when to connect, to wait and to end. Each method takes what happened and returns what must be done next. Has
 * no clock, no timer and no socket of its own; touched by one event loop alone.
 */
final class ReconnectState {
    private static final Log LOG = Log.of(ReconnectState.class);

    /** What must be done next. */
    sealed interface Step {}

    /** Nothing, until something happens. */
    record Stay() implements Step {}

    /**
     * Connect.
     *
     * @param attempt the retries since a connection stood, this one included
     */
    record Connect(int attempt) implements Step {}

    /** Call {@link #due} at that time. */
    record Wait(int attempt, Duration delay, long untilNanos) implements Step {}

    /** It is over; an attempt that is under way is to be given up. */
    record End(CloseEvent event) implements Step {}

    private enum Phase {
        NEW,
        CONNECTING,
        OPEN,
        WAITING,
        /** The application has closed; the connection is still closing. */
        CLOSING,
        ENDED
    }

    private static final Step STAY = new Stay();

    private final ReconnectOptions options;
    private Phase phase = Phase.NEW;
    private int attempt; // retries since a connection stood
    private long openedNanos;

    ReconnectState(ReconnectOptions options) {
        this.options = options;
    }

    /** The first attempt. */
    Step start() {
        return phase == Phase.NEW ? connect() : STAY;
    }

    boolean isConnecting() {
        return phase == Phase.CONNECTING;
    }

    /** The attempt has become a connection. */
    void opened(long nowNanos) {
        if (phase == Phase.CONNECTING) {
            phase = Phase.OPEN;
            openedNanos = nowNanos;
        }
    }

    /** The attempt failed. */
    Step failed(IOException failure, long nowNanos) {
        if (phase != Phase.CONNECTING) {
            return STAY; // it was given up before
        }
        ProtocolError error = failure instanceof WebSocketHandshakeException answered ? answered.error() : null;
        return next(abnormal(String.valueOf(failure.getMessage()), Origin.NETWORK, error), failure, nowNanos);
    }

    /** The connection is gone. */
    Step closed(CloseEvent end, long nowNanos) {
        if (phase == Phase.CLOSING) {
            return end(end);
        }
        if (phase != Phase.OPEN) {
            return STAY;
        }
        if (nowNanos - openedNanos >= options.stableAfter().toNanos()) {
            attempt = 0;
        }
        return next(end, null, nowNanos);
    }

    /** The wait is over, or cut short. */
    Step due() {
        return phase == Phase.WAITING ? connect() : STAY;
    }

    /** The application closes: with a connection, it is to be closed; without one, this is the end. */
    Step close() {
        switch (phase) {
            case NEW, CONNECTING, WAITING -> {
                return end(abnormal("closed by the application while there was no connection", Origin.LOCAL, null));
            }
            case OPEN -> phase = Phase.CLOSING;
            case CLOSING, ENDED -> {}
        }
        return STAY;
    }

    private Step connect() {
        phase = Phase.CONNECTING;
        return new Connect(attempt);
    }

    private Step next(CloseEvent end, @Nullable IOException failure, long nowNanos) {
        if (attempt >= options.maxAttempts() || !reconnects(end, failure)) {
            return end(end);
        }
        phase = Phase.WAITING;
        attempt++;
        Duration delay = options.backoff().delay(attempt, options.random());
        return new Wait(attempt, delay, nowNanos + delay.toNanos());
    }

    private boolean reconnects(CloseEvent end, @Nullable IOException failure) {
        try {
            return options.rule().reconnects(end, failure);
        } catch (RuntimeException e) { // the application's code; the link must not be lost for it
            LOG.log(System.Logger.Level.ERROR, "The reconnect rule failed; the default one decides", e);
            return ReconnectRule.DEFAULT.reconnects(end, failure);
        }
    }

    private Step end(CloseEvent event) {
        phase = Phase.ENDED;
        return new End(event);
    }

    private static CloseEvent abnormal(String reason, Origin closedBy, @Nullable ProtocolError error) {
        return new CloseEvent(CloseCode.ABNORMAL_CLOSURE, reason, false, closedBy, error);
    }
}
