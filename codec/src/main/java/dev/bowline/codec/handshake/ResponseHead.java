package dev.bowline.codec.handshake;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The head of an HTTP/1.1 response, as data.
 *
 * @param status the status code, 100 to 999
 * @param reason the reason phrase; may be empty
 */
public record ResponseHead(int status, String reason, HttpHeaders headers) {
    /**
     * @throws IllegalArgumentException for a status out of its range, and for a reason that could forge further lines,
     *     saying which character is wrong and where it stands
     */
    public ResponseHead {
        if (status < 100 || status > 999) {
            throw new IllegalArgumentException("status is " + status + ", must be 100 to 999");
        }
        HttpHeaders.requireValue("reason phrase", reason);
    }

    /** A head with the usual reason phrase. */
    public static ResponseHead of(int status, HttpHeaders headers) {
        return new ResponseHead(status, reasonPhrase(status), headers);
    }

    /** The bytes on the wire, with the empty line at the end. */
    public ByteBuffer toBytes() {
        String text = "HTTP/1.1 " + status + " " + reason + "\r\n" + headers + "\r\n";
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The reason phrase of RFC 9110 §15 for the statuses that a WebSocket server has a use for; else empty. */
    public static String reasonPhrase(int status) {
        return switch (status) {
            case 101 -> "Switching Protocols";
            case 200 -> "OK";
            case 204 -> "No Content";
            case 301 -> "Moved Permanently";
            case 302 -> "Found";
            case 303 -> "See Other";
            case 304 -> "Not Modified";
            case 307 -> "Temporary Redirect";
            case 308 -> "Permanent Redirect";
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 408 -> "Request Timeout";
            case 409 -> "Conflict";
            case 410 -> "Gone";
            case 413 -> "Content Too Large";
            case 414 -> "URI Too Long";
            case 421 -> "Misdirected Request";
            case 426 -> "Upgrade Required";
            case 429 -> "Too Many Requests";
            case 431 -> "Request Header Fields Too Large";
            case 500 -> "Internal Server Error";
            case 501 -> "Not Implemented";
            case 502 -> "Bad Gateway";
            case 503 -> "Service Unavailable";
            case 504 -> "Gateway Timeout";
            case 505 -> "HTTP Version Not Supported";
            default -> "";
        };
    }
}
