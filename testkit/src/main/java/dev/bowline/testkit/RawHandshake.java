package dev.bowline.testkit;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The opening handshake (RFC 6455 §4) written by hand, as text. A head is one string with its CRLFs, the blank line included.
 */
public final class RawHandshake {
    /** The key of the example in RFC 6455 §1.3; {@link #acceptFor} gives {@code s3pPLMBiTxaQ9kYGzzhZRbK+xOo=}. */
    public static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final String END = "\r\n";

    private RawHandshake() {}

    /** A correct request for {@code target} with {@link #KEY}, followed by the given header lines, written as they are. */
    public static String request(String host, String target, String... headerLines) {
        return head(
                List.of(
                        "GET " + target + " HTTP/1.1",
                        "Host: " + host,
                        "Upgrade: websocket",
                        "Connection: Upgrade",
                        "Sec-WebSocket-Key: " + KEY,
                        "Sec-WebSocket-Version: 13"),
                headerLines);
    }

    /** A correct answer to a request with that key, followed by the given header lines, written as they are. */
    public static String response(String key, String... headerLines) {
        return head(
                List.of(
                        "HTTP/1.1 101 Switching Protocols",
                        "Upgrade: websocket",
                        "Connection: Upgrade",
                        "Sec-WebSocket-Accept: " + acceptFor(key)),
                headerLines);
    }

    /** The value of {@code Sec-WebSocket-Accept} for a key. */
    public static String acceptFor(String key) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            return Base64.getEncoder().encodeToString(sha1.digest((key + GUID).getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }

    /** The status of a response head. */
    public static int status(String head) {
        String[] words = head.split("[ \r]", 3);
        if (words.length < 3 || !words[0].equals("HTTP/1.1") || !words[1].matches("[1-5][0-9][0-9]")) {
            throw new AssertionError("not a status line: " + head);
        }
        return Integer.parseInt(words[1]);
    }

    /** The value of the only header of that name, in any case; null if there is none. */
    public static @Nullable String header(String head, String name) {
        List<String> values = head.lines()
                .skip(1)
                .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                .map(line -> line.substring(name.length() + 1).strip())
                .toList();
        if (values.size() > 1) {
            throw new AssertionError(values.size() + " headers " + name + " in: " + head);
        }
        return values.isEmpty() ? null : values.get(0);
    }

    /** Fails unless {@code head} is a correct answer to a request with that key. */
    static void checkResponse(String head, String key) {
        if (status(head) != 101
                || !"websocket".equalsIgnoreCase(header(head, "Upgrade"))
                || !"upgrade".equalsIgnoreCase(header(head, "Connection"))
                || !acceptFor(key).equals(header(head, "Sec-WebSocket-Accept"))) {
            throw new AssertionError("not a correct answer to a handshake with key " + key + ": " + head);
        }
    }

    /** Returns the key of a request, which must be a correct one. */
    static String checkRequest(String head) {
        String key = header(head, "Sec-WebSocket-Key");
        if (!head.matches("(?s)GET \\S+ HTTP/1\\.1\r\n.*")
                || header(head, "Host") == null
                || !"websocket".equalsIgnoreCase(header(head, "Upgrade"))
                || !"upgrade".equalsIgnoreCase(header(head, "Connection"))
                || !"13".equals(header(head, "Sec-WebSocket-Version"))
                || key == null
                || !key.matches("[A-Za-z0-9+/]{22}==")) {
            throw new AssertionError("not a correct handshake request: " + head);
        }
        return key;
    }

    private static String head(List<String> lines, String... more) {
        String first = String.join(END, lines) + END;
        return (more.length == 0 ? first : first + String.join(END, more) + END) + END;
    }
}
