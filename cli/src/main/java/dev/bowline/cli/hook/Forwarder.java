package dev.bowline.cli.hook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bowline.cli.token.BoundedBody;
import dev.bowline.realtime.RefusedException;
import dev.bowline.realtime.Request;
import dev.bowline.realtime.RequestHandler;
import dev.bowline.session.wire.Grammar;
import dev.bowline.session.wire.Payload;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Has a back end answer requests of clients'. Each is posted once: whether one had an effect that got no answer, nobody here knows. Safe from
 * any thread.
 */
final class Forwarder implements RequestHandler {
    private static final System.Logger LOG = System.getLogger(Forwarder.class.getName());

    static final int PARALLEL = 256;

    /** Less than what clients take by default, so that one answer never ends a connection. */
    static final int MAX_ANSWER_BYTES = 1_000_000;

    private static final int MAX_TEXT = 500;
    private static final String TYPE = "request";
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Target target;
    private final Poster poster;
    private final Envelope envelope;
    private final HookTimer timer;
    private final RareLine failLine;

    private final AtomicInteger underWay = new AtomicInteger();
    private final LongAdder answered = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder failed = new LongAdder();

    Forwarder(Target target, Poster poster, Envelope envelope, HookTimer timer) {
        this.target = target;
        this.poster = poster;
        this.envelope = envelope;
        this.timer = timer;
        this.failLine = new RareLine(LOG, timer::nanoTime);
    }

    @Override
    public CompletionStage<Payload> answer(Request request) {
        if (underWay.incrementAndGet() > PARALLEL) {
            underWay.decrementAndGet();
            throw failure("unavailable", "too many requests are under way");
        }
        String id = UUID.randomUUID().toString();
        Instant at = timer.now();
        return poster.post(
                        target,
                        id,
                        () -> envelope.write(id, TYPE, at, data -> {
                            data.put("name", request.name());
                            Envelope.put(data, request.session());
                            Envelope.put(data, request.payload());
                        }),
                        head -> new BoundedBody(MAX_ANSWER_BYTES))
                .handle((response, thrown) -> {
                    underWay.decrementAndGet();
                    if (thrown != null) {
                        throw failure(codeOf(Poster.cause(thrown)), Poster.reason(thrown, target));
                    }
                    return answerOf(response);
                });
    }

    private RefusedException failure(String code, String reason) {
        failed.increment();
        failLine.say("a request that " + target + " was to answer failed: " + reason);
        return new RefusedException(code, ""); // the rest is the operator's business
    }

    /** Where no answer came: whether the request may have had an effect. */
    private static String codeOf(Throwable cause) {
        if (cause instanceof ConnectException || cause instanceof RejectedExecutionException) {
            return "unavailable";
        }
        if (cause instanceof HttpTimeoutException) { // only connecting has a limit of the client's own
            return "unavailable";
        }
        return cause instanceof TimeoutException ? "timeout" : "unknown";
    }

    // ---- The answer ----

    private Payload answerOf(HttpResponse<byte[]> response) {
        int status = response.statusCode();
        if (status / 100 != 2) {
            throw refusal(response);
        }
        ByteBuffer body = ByteBuffer.wrap(response.body());
        if (!isText(response)) {
            answered.increment();
            return Payload.binary(body);
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(body.duplicate());
        } catch (CharacterCodingException e) { // which would end the client's connection
            throw failure("internal", "its answer is text, but not in UTF-8");
        }
        answered.increment();
        return Payload.text(body);
    }

    private static boolean isText(HttpResponse<?> response) {
        String type = response.headers().firstValue("content-type").orElse("");
        int parameters = type.indexOf(';');
        String media =
                (parameters < 0 ? type : type.substring(0, parameters)).strip().toLowerCase(Locale.ROOT);
        return media.isEmpty()
                || media.startsWith("text/")
                || media.equals("application/json")
                || media.endsWith("+json");
    }

    private RefusedException refusal(HttpResponse<byte[]> response) {
        int status = response.statusCode();
        JsonNode body = json(response.body());
        String code = text(body, "code");
        if (!Grammar.isCode(code)) {
            code = codeOf(status);
        }
        if (status < 400 || status >= 500) {
            return failure(code, "its status is " + status);
        }
        refused.increment();
        String text = text(body, body.has("detail") ? "detail" : "message");
        return new RefusedException(code, text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) : text);
    }

    private static String text(JsonNode body, String member) {
        JsonNode value = body.path(member);
        return value.isTextual() ? value.textValue() : "";
    }

    private static JsonNode json(byte[] body) {
        try {
            return MAPPER.readTree(body);
        } catch (IOException e) { // it need not be JSON
            return MAPPER.missingNode();
        }
    }

    private static String codeOf(int status) {
        return switch (status) {
            case 401, 403 -> "forbidden";
            case 404, 410 -> "not-found";
            case 408, 504 -> "timeout";
            case 409 -> "conflict";
            case 413 -> "too-large";
            case 429 -> "rate-limited";
            case 502 -> "unknown";
            case 503 -> "unavailable";
            default -> status >= 400 && status < 500 ? "bad-request" : "internal";
        };
    }

    // ---- Numbers ----

    long answered() {
        return answered.sum();
    }

    long refused() {
        return refused.sum();
    }

    long failed() {
        return failed.sum();
    }
}
