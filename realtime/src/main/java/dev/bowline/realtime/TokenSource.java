package dev.bowline.realtime;

import java.util.concurrent.CompletionStage;

/** Where a session's tokens come from: what the application's server is to know its user by. */
@FunctionalInterface
public interface TokenSource {
    /**
     * Gets a token that is valid now. Asked before each connection, and when the server says that the authentication ends. Called as
     * listeners are: on the event loop, where it must not block, or on the callback executor.
     *
     * @return completed by any thread with visible ASCII, within 10 s. If it fails, or is late, so does the attempt to connect, and the
     *     next one asks again
     */
    CompletionStage<String> token();
}
