package dev.bowline.websocket;

/**
 * A heartbeat in text messages, for pages: a browser answers Ping frames but shows them to no script. A text message
 * equal to {@code request} is answered by the text message {@code reply} and never reaches the listener.
 *
 * @param request what the client sends; 1 to 125 characters
 * @param reply what the server answers; 1 to 125 characters
 */
public record TextHeartbeat(String request, String reply) {
    /** {@code ping}, answered by {@code pong}. */
    public static final TextHeartbeat PING_PONG = new TextHeartbeat("ping", "pong");

    public TextHeartbeat {
        requireShort("request", request);
        requireShort("reply", reply);
    }

    private static void requireShort(String name, String text) {
        if (text.isEmpty() || text.length() > 125) {
            throw new IllegalArgumentException(name + " has " + text.length() + " characters, must have 1 to 125");
        }
    }
}
