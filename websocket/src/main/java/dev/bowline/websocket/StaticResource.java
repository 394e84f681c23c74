package dev.bowline.websocket;

import dev.bowline.codec.handshake.HttpHeaders;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A response that a server gives to plain {@code GET} and {@code HEAD} requests of one path. Immutable; held in memory.
 */
public final class StaticResource {
    private static final Set<String> SET_BY_SERVER =
            Set.of("connection", "content-length", "content-type", "date", "etag", "transfer-encoding", "upgrade");

    private final String contentType;
    private final byte[] content;
    private final HttpHeaders headers;
    private final String etag;

    private StaticResource(String contentType, byte[] content, HttpHeaders headers) {
        this.contentType = HttpHeaders.requireValue("content type", contentType);
        this.content = content;
        this.headers = headers;
        this.etag = '"' + HexFormat.of().formatHex(sha256(content), 0, 8) + '"';
    }

    /**
     * A resource with a copy of the bytes.
     *
     * @throws IllegalArgumentException for a content type that no header field can have
     */
    public static StaticResource of(String contentType, byte[] content) {
        return new StaticResource(contentType, content.clone(), HttpHeaders.EMPTY);
    }

    /**
     * A resource with all that the stream holds, which is closed then.
     *
     * @param content as {@link Class#getResourceAsStream} gives it: call that in your own code, as a module keeps its
     *     resources to itself
     * @throws IllegalArgumentException if {@code content} is null: there is no such resource; and for a content type that
     *     no header field can have
     */
    public static StaticResource of(String contentType, @Nullable InputStream content) {
        if (content == null) {
            throw new IllegalArgumentException("the resource of type " + contentType + " was not found");
        }
        try (content) {
            return new StaticResource(contentType, content.readAllBytes(), HttpHeaders.EMPTY);
        } catch (IOException e) {
            throw new UncheckedIOException("can't read the resource of type " + contentType, e);
        }
    }

    /**
     * The browser module {@code bowline.js}, of the same version as this server: serve it at {@code /bowline.js}, and a
     * page can {@code import { ReconnectingWebSocket } from "/bowline.js"}.
     */
    public static StaticResource browserModule() {
        return of("text/javascript; charset=utf-8", StaticResource.class.getResourceAsStream("bowline.js"));
    }

    /**
     * The same resource with further header fields in its responses, such as {@code Content-Security-Policy}.
     *
     * @throws IllegalArgumentException for a field that the server itself sets, such as {@code Content-Length}
     */
    public StaticResource withHeaders(HttpHeaders more) {
        for (String name : more.names()) {
            if (SET_BY_SERVER.contains(name)) {
                throw new IllegalArgumentException("header " + name + " is set by the server itself");
            }
        }
        return new StaticResource(
                contentType,
                content,
                HttpHeaders.builder().addAll(headers).addAll(more).build());
    }

    /** The further header fields of its responses. */
    public HttpHeaders headers() {
        return headers;
    }

    public String contentType() {
        return contentType;
    }

    /** The size of the content in bytes. */
    public int size() {
        return content.length;
    }

    /** A copy of the content. */
    public byte[] content() {
        return content.clone();
    }

    /** The entity tag, with its quotes: equal for equal content (RFC 9110 §8.8.3). */
    public String etag() {
        return etag;
    }

    private static byte[] sha256(byte[] content) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(content);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
