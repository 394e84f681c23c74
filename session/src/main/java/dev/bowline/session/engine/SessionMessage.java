package dev.bowline.session.engine;

import dev.bowline.session.wire.Grammar;
import dev.bowline.session.wire.Payload;
import org.jspecify.annotations.Nullable;

/** What can be said to a session from anywhere: by the application, or by the handler of a request. Immutable. */
public sealed interface SessionMessage {
    /** Told what becomes of a message, on the thread of the node that has the session. */
    interface Receipt {
        /** The client has acknowledged it. */
        void received();

        /** The session ended before that: whether it has arrived is not known. */
        void lost();

        /** By which {@link Bus#receipt} finds it, visible ASCII characters; null for none. */
        default @Nullable String address() {
            return null;
        }
    }

    /** A direct message of the application's. */
    record Direct(String name, Payload payload, @Nullable Receipt receipt) implements SessionMessage {}

    /** The end of a request: its answer. */
    record Respond(long seq, Payload payload) implements SessionMessage {}

    /** The end of a request: a refusal. */
    record Fail(long seq, Failure failure) implements SessionMessage {}

    /**
     * A part of a stream; within its credit.
     *
     * @param count which part it is, from 1: said again it is known, and none is taken before the one that comes first
     */
    record Part(long seq, long count, Payload payload) implements SessionMessage {}

    /**
     * The end of a stream, or the good result of a command that has no answer.
     *
     * @param parts how many come before it
     */
    record Finish(long seq, long parts) implements SessionMessage {
        /** The good result of a command that has no answer. */
        public Finish(long seq) {
            this(seq, 0);
        }
    }

    /**
     * The end of a subscription: the client is told so.
     *
     * @param pattern as the client named it
     * @param code why, of {@code bowline-v1.md}, section 10.1, or with a dot the application's own
     */
    record Unsubscribe(String pattern, String code) implements SessionMessage {
        public Unsubscribe {
            Grammar.requirePattern(pattern);
            Grammar.requireCode(code);
        }
    }

    /**
     * The end of the session.
     *
     * @param code of the close, from 4500 to 4999
     */
    record End(int code, String reason) implements SessionMessage {}
}
