package dev.bowline.codec.handshake;

import dev.bowline.codec.Tokens;
import dev.bowline.codec.Visible;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The head of an HTTP/1.1 request, as data.
 *
 * @param method the method, such as {@code GET}: case matters (RFC 9110 §9.1)
 * @param target the request target as it came: in origin form ({@code /path?query}) or absolute form
 *     ({@code http://host/path?query}); visible ASCII
 */
public record RequestHead(String method, String target, HttpHeaders headers) {
    /**
     * @throws IllegalArgumentException for a method that is no token and a target that is not visible ASCII, saying which
     *     character is wrong and where it stands: a space, CR or LF would forge a version or further lines
     */
    public RequestHead {
        Tokens.requireToken("method", method);
        if (target.isEmpty()) {
            throw new IllegalArgumentException("target of the request is empty (RFC 9112 §3.2)");
        }
        for (int i = 0; i < target.length(); i++) {
            if (target.charAt(i) <= 0x20 || target.charAt(i) >= 0x7F) {
                throw new IllegalArgumentException("target of the request has " + Visible.at(target, i)
                        + ", allowed are visible ASCII characters (RFC 9112 §3.2)");
            }
        }
    }

    /** The bytes on the wire, with the empty line at the end. */
    public ByteBuffer toBytes() {
        String text = method + " " + target + " HTTP/1.1\r\n" + headers + "\r\n";
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The path as it came, percent-encoded, beginning with a slash; never the query. */
    public String path() {
        String resource = resource();
        int question = resource.indexOf('?');
        return question < 0 ? resource : resource.substring(0, question);
    }

    /** The query as it came, percent-encoded, without the question mark; empty where there is none. */
    public String query() {
        String resource = resource();
        int question = resource.indexOf('?');
        return question < 0 ? "" : resource.substring(question + 1);
    }

    /**
     * The host, and the port where one is given, that the request is for: those of an absolute target, or else of the
     * {@code Host} field, which does not count then (RFC 9112 §3.2.2). As they came; null where there is no such field.
     */
    public @Nullable String authority() {
        int from = authorityStart();
        return from < 0 ? headers.first("Host") : target.substring(from, authorityEnd(from));
    }

    /** Where the authority begins in an absolute target; -1 in another one. */
    private int authorityStart() {
        int authority = target.startsWith("/") ? -1 : target.indexOf("://");
        return authority < 0 ? -1 : authority + 3;
    }

    private int authorityEnd(int from) {
        int i = from;
        while (i < target.length() && target.charAt(i) != '/' && target.charAt(i) != '?') {
            i++;
        }
        return i;
    }

    /** Whether a body follows the head (RFC 9112 §6). */
    public boolean hasBody() {
        String length = headers.first("Content-Length");
        return headers.contains("Transfer-Encoding") || (length != null && !length.equals("0"));
    }

    /** The target in origin form: RFC 6455 §4.1 lets a client send an absolute http or https URI too. */
    private String resource() {
        int authority = authorityStart();
        if (authority < 0) {
            return target;
        }
        String resource = target.substring(authorityEnd(authority));
        return resource.startsWith("/") ? resource : "/" + resource;
    }
}
