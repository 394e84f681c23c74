package dev.bowline.websocket.internal.server;

import dev.bowline.codec.ProtocolError;
import dev.bowline.codec.handshake.HttpHeaders;
import dev.bowline.codec.handshake.OpeningHandshake;
import dev.bowline.codec.handshake.RequestHead;
import dev.bowline.codec.handshake.ResponseHead;
import dev.bowline.websocket.StaticResource;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The plain HTTP responses of a server: its listed resources, and refusals. What is not listed does not exist, so no
 * path can lead out of the list. Immutable and shared by all event loops.
 */
final class HttpResponses {
    /**
     * One response.
     *
     * @param body by reference; its position and limit never move. Empty for HEAD
     * @param keepAlive whether the connection takes a further request
     */
    record Response(ResponseHead head, ByteBuffer body, boolean keepAlive) {}

    // Not RFC_1123_DATE_TIME, which writes a day below 10 with one digit (RFC 9110 §5.6.7 wants two).
    private static final DateTimeFormatter IMF_FIXDATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH);

    /** When it may be tried again. */
    static final HttpHeaders RETRY = HttpHeaders.of("Retry-After", "5");

    private static final ByteBuffer NO_BODY = ByteBuffer.allocate(0);

    private final Map<String, StaticResource> resources;
    private final Map<String, ByteBuffer> contents = new TreeMap<>();

    HttpResponses(Map<String, StaticResource> resources) {
        this.resources = Map.copyOf(resources);
        resources.forEach((path, resource) -> contents.put(path, ByteBuffer.wrap(resource.content())));
    }

    /**
     * Answers a request that asks for no WebSocket.
     *
     * @param hasEndpoint whether there is a WebSocket endpoint at its path
     */
    Response answer(RequestHead request, boolean hasEndpoint) {
        String path = request.path();
        StaticResource resource = resources.get(path);
        if (resource == null && hasEndpoint) {
            return text(
                    426,
                    "This is a WebSocket endpoint.",
                    HttpHeaders.of("Upgrade", "websocket", "Connection", "Upgrade"),
                    request);
        }
        if (resource == null) {
            return text(404, "There is nothing at " + path + ".", HttpHeaders.EMPTY, request);
        }
        boolean head = request.method().equals("HEAD");
        if (!head && !request.method().equals("GET")) {
            return text(405, "Only GET and HEAD are allowed here.", HttpHeaders.of("Allow", "GET, HEAD"), request);
        }
        HttpHeaders.Builder headers = HttpHeaders.builder()
                .add("Date", now())
                .add("ETag", resource.etag())
                // "no-cache" lets a browser keep the resource, but ask each time whether it is still the same.
                .add("Cache-Control", "no-cache")
                .add("X-Content-Type-Options", "nosniff")
                .addAll(resource.headers());
        if (!keepsAlive(request)) {
            headers.add("Connection", "close");
        }
        if (isFresh(request, resource)) {
            return new Response(ResponseHead.of(304, headers.build()), NO_BODY, keepsAlive(request));
        }
        headers.add("Content-Type", resource.contentType()).add("Content-Length", Integer.toString(resource.size()));
        ByteBuffer body = head ? NO_BODY : contents.getOrDefault(path, NO_BODY);
        return new Response(ResponseHead.of(200, headers.build()), body, keepsAlive(request));
    }

    /** Weak comparison (RFC 9110 §13.1.2), as proxies that compress make tags weak. */
    private static boolean isFresh(RequestHead request, StaticResource resource) {
        for (String tag : request.headers().list("If-None-Match")) {
            if (tag.equals("*") || tag.equals(resource.etag()) || tag.equals("W/" + resource.etag())) {
                return true;
            }
        }
        return false;
    }

    private static Response text(int status, String message, HttpHeaders extra, RequestHead request) {
        Response response = refusal(status, message, extra, keepsAlive(request));
        return request.method().equals("HEAD")
                ? new Response(response.head(), NO_BODY, response.keepAlive())
                : response;
    }

    static Response addressFull() {
        return refusal(429, "Too many connections from this address.", RETRY, false);
    }

    /** Refuses what broke a rule; the connection takes no further request. */
    static Response refusal(ProtocolError error) {
        return refusal(error.answer(), error.message(), OpeningHandshake.refusalHeaders(error), false);
    }

    /** A plain text response for people. */
    static Response refusal(int status, String message, HttpHeaders extra, boolean keepAlive) {
        ByteBuffer body =
                message.isEmpty() ? NO_BODY : ByteBuffer.wrap((message + "\n").getBytes(StandardCharsets.UTF_8));
        HttpHeaders.Builder headers = HttpHeaders.builder().add("Date", now());
        if (!keepAlive) {
            headers.add("Connection", "close");
        }
        headers.addAll(extra);
        if (!extra.contains("Content-Type")) {
            headers.add("Content-Type", "text/plain; charset=utf-8");
        }
        headers.add("Content-Length", Integer.toString(body.remaining()));
        return new Response(ResponseHead.of(status, headers.build()), body, keepAlive);
    }

    /** What a client that speaks plain HTTP on a TLS port is told, in plain HTTP. */
    static ByteBuffer plainOnTlsPort() {
        Response response = refusal(400, "This port speaks TLS: use wss:// or https://.", HttpHeaders.EMPTY, false);
        ByteBuffer head = response.head().toBytes();
        return ByteBuffer.allocate(head.remaining() + response.body().remaining())
                .put(head)
                .put(response.body().duplicate())
                .flip();
    }

    private static boolean keepsAlive(RequestHead request) {
        return !request.headers().listContains("Connection", "close") && !request.hasBody();
    }

    /** RFC 9110 §6.6.1 demands a Date of a server that has a clock. */
    private static String now() {
        return IMF_FIXDATE.format(ZonedDateTime.now(ZoneOffset.UTC));
    }
}
