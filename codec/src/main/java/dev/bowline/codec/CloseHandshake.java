package dev.bowline.codec;

import dev.bowline.codec.CloseEvent.Origin;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * All states of the closing handshake (RFC 6455 §7) in one place. Each transition records what happened; {@link #tcp()}
 * says what must become of the TCP stream, {@link #event()} how it ended.
 *
 * <pre>
 *   OPEN ── close() ──▶ SENT ── peer's Close ──▶ DONE
 *     │ ── peer's Close, echoed ───────────────▶ DONE
 *     │ ── verdict on the peer ────────────────▶ FAILED
 *     └─── stream ends, or it takes too long ──▶ LOST (also from SENT)
 * </pre>
 *
 * <p>Not thread-safe: touched by the connection's event loop alone.
 */
final class CloseHandshake {
    private enum State {
        OPEN,
        SENT,
        DONE,
        FAILED,
        LOST
    }

    private final Role role;
    private final Duration timeout;
    private State state = State.OPEN;
    private TcpAction tcp = TcpAction.KEEP;
    private long deadlineNanos;
    private boolean waiting; // whether deadlineNanos counts
    private @Nullable Origin closedBy; // set once, by the first transition away from OPEN
    private int code = CloseCode.ABNORMAL_CLOSURE;
    private String reason = "";
    private @Nullable ProtocolError error;

    CloseHandshake(Role role, Duration timeout) {
        this.role = role;
        this.timeout = timeout;
    }

    boolean isOpen() {
        return state == State.OPEN;
    }

    /** Data that follows the peer's Close, or our verdict, is discarded (§5.5.1, §7.1.7). */
    boolean discardsInput() {
        return state != State.OPEN && state != State.SENT;
    }

    TcpAction tcp() {
        return tcp;
    }

    boolean hasDeadline() {
        return waiting;
    }

    long deadlineNanos() {
        return deadlineNanos;
    }

    /** Our Close frame is being sent. */
    void closeSent(long nowNanos) {
        begin(State.SENT, Origin.LOCAL, nowNanos);
    }

    /** The peer's Close frame came; where ours was not sent yet, it is being sent now. */
    void closeReceived(int code, String reason, long nowNanos) {
        begin(State.DONE, Origin.REMOTE, nowNanos);
        this.code = code;
        this.reason = reason;
        // The server ends the TCP stream first, so that it and not the client holds TIME_WAIT; the client waits for
        // that, for a limited time. The server reads on until the client has ended its side too: if anything came
        // behind
        // the client's Close, closing at once would reset the stream, and what is on its way could be lost (§7.1.1).
        tcp = role == Role.SERVER ? TcpAction.HALF_CLOSE : TcpAction.KEEP;
        waiting = true;
        deadlineNanos = nowNanos + timeout.toNanos();
    }

    /**
     * The peer broke a rule: our Close frame is being sent, and what still comes is discarded. Either role only
     * half-closes the stream: what is unread already would reset it, and could destroy the Close frame (§7.1.1).
     */
    void fail(ProtocolError verdict, long nowNanos) {
        begin(State.FAILED, Origin.LOCAL, nowNanos);
        code = verdict.answer();
        reason = verdict.message();
        error = verdict;
        tcp = TcpAction.HALF_CLOSE;
        waiting = true;
        deadlineNanos = nowNanos + timeout.toNanos();
    }

    /** The peer ended its side of the TCP stream. */
    void endOfStream() {
        if (state == State.OPEN || state == State.SENT) {
            lose(Origin.NETWORK, "the TCP stream ended without a Close frame", null);
        } else if (tcp != TcpAction.DROP) {
            // What it sent has been read to the end, so closing resets nothing: our Close frame may still reach a peer
            // that only ended its sending side.
            tcp = TcpAction.CLOSE;
        }
    }

    /** The deadline has passed. */
    void timeOut() {
        waiting = false;
        if (state == State.SENT) {
            ProtocolError late = Violation.CLOSE_TIMEOUT.error();
            lose(Origin.LOCAL, late.message(), late);
        }
        tcp = TcpAction.DROP;
    }

    /** The TCP stream is gone, or is to be dropped, for a reason outside the protocol. */
    void lose(Origin by, String why, @Nullable ProtocolError cause) {
        if (state == State.OPEN || state == State.SENT) {
            state = State.LOST;
            closedBy = closedBy == null ? by : closedBy;
            reason = why;
            error = cause;
        }
        waiting = false;
        tcp = TcpAction.DROP;
    }

    CloseEvent event() {
        return new CloseEvent(code, reason, state == State.DONE, closedBy == null ? Origin.NETWORK : closedBy, error);
    }

    private void begin(State next, Origin by, long nowNanos) {
        state = next;
        closedBy = closedBy == null ? by : closedBy;
        waiting = true;
        deadlineNanos = nowNanos + timeout.toNanos();
    }
}
