package dev.bowline.session.client;

import dev.bowline.session.wire.Payload;

/** Whom to tell what becomes of a command. Called by whoever calls the session, on the same thread. */
@FunctionalInterface
public interface ResultListener {
    /** The end, exactly once. */
    void onResult(Result result);

    /** A part of a stream came, before the end; only of a request with credit. */
    default void onPart(Payload part) {}
}
