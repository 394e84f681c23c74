package dev.bowline.websocket;

import dev.bowline.codec.CloseEvent;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether it is worth another try: asked on the event loop, must not block. */
@FunctionalInterface
public interface ReconnectRule {
    /**
     * The default, by close code the same as that of the browser module:
     *
     * <table>
     *   <caption>After a connection</caption>
     *   <tr><th>code<th>reconnects?
     *   <tr><td>1000<td>no: the server is done
     *   <tr><td>1002, 1003, 1007, 1009, 1010<td>no: the server will not take what this client sends
     *   <tr><td>1008, 3000, 3003<td>no: policy violation, unauthorized, forbidden
     *   <tr><td>4000–4499<td>yes: the application says "try again"
     *   <tr><td>4500–4999<td>no: the application says "give up"
     *   <tr><td>every other, also a lost link (1006)<td>yes
     * </table>
     *
     * <p>After an attempt that failed: no, if server or proxy answered with a status 400 to 499 other than 408 "request
     * timeout", 425 "too early" and 429 "too many requests", as the same request would get the same answer. Else yes:
     * an unknown host or a refused connection is what being offline looks like; a redirect, a page or an answer that is
     * no HTTP is what a hotel's gateway or a server that is just being replaced says.
     */
    ReconnectRule DEFAULT = ReconnectRule::byCodeAndStatus;

    /**
     * Decides.
     *
     * @param end how the connection ended; for an attempt that failed, 1006 and the failure's message
     * @param failure why the attempt failed; null if there was a connection
     */
    boolean reconnects(CloseEvent end, @Nullable IOException failure);

    private static boolean byCodeAndStatus(CloseEvent end, @Nullable IOException failure) {
        if (failure instanceof WebSocketHandshakeException refusal) {
            int status = refusal.status();
            return status < 400 || status > 499 || status == 408 || status == 425 || status == 429;
        }
        int code = end.code();
        return !Set.of(1000, 1002, 1003, 1007, 1008, 1009, 1010, 3000, 3003).contains(code)
                && (code < 4500 || code > 4999);
    }
}
