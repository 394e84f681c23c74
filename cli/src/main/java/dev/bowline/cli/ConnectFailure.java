package dev.bowline.cli;

import dev.bowline.websocket.WebSocketHandshakeException;

/** Says why a connection could not be opened, and what to do where that is known. */
final class ConnectFailure {
    private ConnectFailure() {}

    static String explain(Throwable cause) {
        String what = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        if (!(cause instanceof WebSocketHandshakeException answer)) {
            return what;
        }
        String location = answer.headers().first("Location");
        if (answer.status() / 100 == 3 && location != null) {
            return what + "; it redirects to " + Shown.quoted(location) + ", connect there";
        }
        if (answer.status() == 401) {
            return what + "; give credentials, such as --header \"Authorization: Bearer …\"";
        }
        return what;
    }
}
