package dev.bowline.cli.connect;

import dev.bowline.websocket.WebSocketHandshakeException;
import javax.net.ssl.SSLException;

/** Says why a connection could not be opened, and what to do where that is known. */
final class ConnectFailure {
    private ConnectFailure() {}

    static String explain(Throwable cause) {
        String what = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        if (cause instanceof SSLException) {
            return what + hint(what);
        }
        if (!(cause instanceof WebSocketHandshakeException answer)) {
            return what;
        }
        if (answer.status() / 100 == 3 && answer.headers().contains("Location")) {
            return what + "; redirects are not followed, connect to that address instead";
        }
        if (answer.status() == 401) {
            return what + "; give credentials, such as --header \"Authorization: Bearer …\"";
        }
        return what;
    }

    /** What to do about a certificate, where that can be done at this end. */
    private static String hint(String what) {
        if (what.contains(" is not trusted")) {
            return "; trust its issuer with --tls-ca FILE, or anyone with --insecure";
        }
        return what.contains(" is for another name") ? "; connect by a name that it is for" : "";
    }
}
