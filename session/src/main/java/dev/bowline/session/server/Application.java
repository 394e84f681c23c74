package dev.bowline.session.server;

import dev.bowline.session.engine.Callback;
import dev.bowline.session.wire.Cursor;
import dev.bowline.session.wire.Payload;
import org.jspecify.annotations.Nullable;

/**
 * Who decides, and who is told: the application behind a node. Called on the node's thread, and must answer there; nothing here may block. A
 * callback that is not called within {@link NodeOptions#handlerMillis} counts as failed with {@code timeout}.
 */
public interface Application {
    /**
     * Says who a client is.
     *
     * @param token as the client gave it; null for none
     * @param done failed: the client may not come in, or stay
     */
    void authenticate(@Nullable String token, Callback<Identity> done);

    /**
     * Says whether a session may do something.
     *
     * @param name a topic, a pattern, or the name of a request or message
     * @param done false: it may not; failed: it may not, for that reason
     */
    void authorize(SessionInfo session, Action action, String name, Callback<Boolean> done);

    /**
     * A request, to be answered by {@link Node#toSession} with {@code Respond}, {@code Fail}, or for a stream {@code Part} and
     * {@code Finish}; from any node, and once.
     *
     * @param stream whether it may be answered in parts
     */
    void onRequest(SessionInfo session, long seq, String name, Payload payload, boolean stream);

    /** A stream can take more parts: the client has raised its credit, or there is room again. */
    void onReady(String session, long seq);

    /** A part of a stream went out, and another one may follow; but not from within this call, which is made for each part. */
    default void onSent(String session, long seq) {}

    /** A request is over before it was answered: cancelled, too late, or its session has ended. An answer has no effect any more. */
    void onCancelled(String session, long seq);

    /** A message for the application. */
    void onMessage(SessionInfo session, String name, Payload payload, Callback<Boolean> done);

    /** Something has happened to a session. */
    void onSession(SessionInfo session, SessionChange change);

    /** As {@link #onSession}, and right behind it, with what there is to tell of it; and more of what happens. */
    default void onEvent(SessionEvent event) {}

    /** A message is in a user's mailbox, and none of their devices is connected. */
    void onStoredOffline(String user, Cursor cursor, Payload payload);
}
