package dev.bowline.codec.handshake;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The head of an HTTP/1.1 request, as data.
 *
 * @param method the method, such as {@code GET}: case matters (RFC 9110 §9.1)
 * @param target the request target as it came: in origin form ({@code /path?query}) or absolute form
 *     ({@code http://host/path?query}); visible ASCII
 */
public record RequestHead(String method, String target, HttpHeaders headers) {

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

    /** Whether a body follows the head (RFC 9112 §6). */
    public boolean hasBody() {
        String length = headers.first("Content-Length");
        return headers.contains("Transfer-Encoding") || (length != null && !length.equals("0"));
    }

    /** The target in origin form: RFC 6455 §4.1 lets a client send an absolute http or https URI too. */
    private String resource() {
        if (target.startsWith("/")) {
            return target;
        }
        int authority = target.indexOf("://");
        if (authority < 0) {
            return target;
        }
        for (int i = authority + 3; i < target.length(); i++) {
            if (target.charAt(i) == '/') {
                return target.substring(i);
            }
            if (target.charAt(i) == '?') {
                return "/" + target.substring(i);
            }
        }
        return "/";
    }
}
