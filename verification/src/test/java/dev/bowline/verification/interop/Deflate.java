package dev.bowline.verification.interop;

/**
 * What one end asks for of permessage-deflate (RFC 7692 §7.1), in the order of the table; bits of 0 are not asked for.
 */
public record Deflate(
        boolean serverNoContextTakeover,
        boolean clientNoContextTakeover,
        int serverMaxWindowBits,
        int clientMaxWindowBits) {
    /** Nothing in particular. */
    public static final Deflate ANY = new Deflate(false, false, 0, 0);

    public static Deflate noContext(boolean ofServer, boolean ofClient) {
        return new Deflate(ofServer, ofClient, 0, 0);
    }

    public static Deflate windows(int ofServer, int ofClient) {
        return new Deflate(false, false, ofServer, ofClient);
    }

    public boolean asksForWindows() {
        return serverMaxWindowBits != 0 || clientMaxWindowBits != 0;
    }

    /** The parameters in the form of the header field; empty for none. */
    public String parameters() {
        StringBuilder text = new StringBuilder();
        append(text, serverNoContextTakeover, "server_no_context_takeover");
        append(text, clientNoContextTakeover, "client_no_context_takeover");
        append(text, serverMaxWindowBits != 0, "server_max_window_bits=" + serverMaxWindowBits);
        append(text, clientMaxWindowBits != 0, "client_max_window_bits=" + clientMaxWindowBits);
        return text.toString();
    }

    private static void append(StringBuilder text, boolean present, String parameter) {
        if (present) {
            text.append(text.isEmpty() ? "" : "; ").append(parameter);
        }
    }

    /** For the scripts. */
    String json() {
        return "{\"serverNoContextTakeover\":" + serverNoContextTakeover + ",\"clientNoContextTakeover\":"
                + clientNoContextTakeover + ",\"serverMaxWindowBits\":" + serverMaxWindowBits
                + ",\"clientMaxWindowBits\":" + clientMaxWindowBits + "}";
    }
}
