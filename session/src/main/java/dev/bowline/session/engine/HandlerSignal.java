package dev.bowline.session.engine;

/**
 * What becomes of a request whose handler runs in another process than its session is in.
 *
 * @param seq the request's number in the session
 */
public record HandlerSignal(String session, long seq, Kind kind) {
    /** What the handler is told. */
    public enum Kind {
        /** A stream can take more parts. */
        READY,
        /** A part of a stream went out, and another one may follow. */
        SENT,
        /** The request is over before it was answered. */
        CANCELLED
    }
}
