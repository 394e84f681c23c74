package dev.bowline.cli.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bowline.realtime.RefusedException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpStatus;

/** Why a request was not done, as RFC 9457 tells it. Its type is {@code about:blank}; programs go by the code. Immutable. */
final class Problem extends RuntimeException {
    static final String CONTENT_TYPE = "application/problem+json";

    private static final long serialVersionUID = 1L;
    private static final System.Logger LOG = System.getLogger(Problem.class.getName());

    private final int status;
    private final String code;
    private final transient Map<String, String> headers;

    /**
     * @param code for programs: of {@code bowline-v1.md}, section 10.1, or another one of the OpenAPI document
     * @param detail for people: what was wrong, and what would be right
     */
    Problem(int status, String code, String detail) {
        this(status, code, detail, Map.of());
    }

    Problem(int status, String code, String detail, Map<String, String> headers) {
        super(detail, null, false, false); // where it comes from is nobody's concern
        this.status = status;
        this.code = code;
        this.headers = headers;
    }

    static Problem badRequest(String detail) {
        return new Problem(400, "bad-request", detail);
    }

    static Problem notFound(String detail) {
        return new Problem(404, "not-found", detail);
    }

    static Problem tooLarge(int maxBytes) {
        return new Problem(413, "too-large", "The body may have " + maxBytes + " bytes.");
    }

    /** What a failure comes to; one that nobody expected is logged, and the caller is told no more than that. */
    static Problem of(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof Problem problem) {
            return problem;
        }
        if (cause instanceof RefusedException refused) {
            return new Problem(statusOf(refused.code()), refused.code(), String.valueOf(refused.getMessage()));
        }
        if (cause instanceof TimeoutException) {
            return new Problem(
                    504,
                    "timeout",
                    "No answer in time; what was asked for may still come about. With a key, try again.");
        }
        LOG.log(Level.WARNING, "A request to the HTTP API failed", cause);
        return new Problem(500, "internal", "The server failed; its log says why.");
    }

    /** Of a code of the protocol's. */
    private static int statusOf(String code) {
        return switch (code) {
            case "bad-request" -> 400;
            case "forbidden", "unauthorized" -> 403;
            case "not-found" -> 404;
            case "too-large" -> 413;
            case "unavailable" -> 503;
            case "timeout", "unknown" -> 504;
            default -> 500;
        };
    }

    int status() {
        return status;
    }

    String code() {
        return code;
    }

    ObjectNode toJson() {
        ObjectNode json = Json.object();
        json.put("type", "about:blank");
        json.put("title", HttpStatus.getMessage(status));
        json.put("status", status);
        json.put("code", code);
        json.put("detail", getMessage());
        return json;
    }

    Answer toAnswer() {
        return new Answer(status, CONTENT_TYPE, ByteBuffer.wrap(Json.bytes(toJson())), headers);
    }
}
