package dev.bowline.cli.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bowline.cli.api.Router.Match;
import dev.bowline.session.wire.Grammar;
import dev.bowline.session.wire.Payload;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.eclipse.jetty.http.HttpFields;
import org.jspecify.annotations.Nullable;

/** A request that an endpoint answers. Each method throws {@link Problem} where the caller has not given what it must. Immutable. */
final class Call {
    /** The longest that a request may ask to wait. */
    static final int MAX_WAIT_MILLIS = 60_000;

    private static final String WAIT_MILLIS = "waitMillis";
    private static final String TEXT = "text/plain";
    private static final String JSON = "application/json";
    private static final String BINARY = "application/octet-stream";

    private final Map<String, String> variables;
    private final Map<String, String> queries;
    private final HttpFields headers;
    private final byte[] body;

    private Call(Map<String, String> variables, Map<String, String> queries, HttpFields headers, byte[] body) {
        this.variables = variables;
        this.queries = queries;
        this.headers = headers;
        this.body = body;
    }

    /** @param query as it stands in the request; null for none */
    static Call of(Match match, @Nullable String query, HttpFields headers) {
        Map<String, String> variables = new HashMap<>();
        match.variables().forEach((name, value) -> variables.put(name, decoded(value, false)));
        return new Call(variables, queries(query, match.route().queries()), headers, new byte[0]);
    }

    Call withBody(byte[] read) {
        return new Call(variables, queries, headers, read);
    }

    private static Map<String, String> queries(@Nullable String query, @Nullable List<String> known) {
        Map<String, String> queries = new HashMap<>();
        if (query == null || query.isEmpty() || known == null) {
            return queries;
        }
        for (String one : query.split("&", -1)) {
            int equals = one.indexOf('=');
            String name = decoded(equals < 0 ? one : one.substring(0, equals), true);
            if (!known.contains(name)) {
                throw Problem.badRequest("There is no parameter \"" + name + "\" here, only "
                        + (known.isEmpty() ? "none" : String.join(", ", known)) + ".");
            }
            if (queries.put(name, equals < 0 ? "" : decoded(one.substring(equals + 1), true)) != null) {
                throw Problem.badRequest("The parameter \"" + name + "\" is there twice.");
            }
        }
        return queries;
    }

    /** @param form whether a plus sign stands for a space */
    private static String decoded(String text, boolean form) {
        try {
            return URLDecoder.decode(form ? text : text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest("The address has a percent sign without two hexadecimal digits behind it.");
        }
    }

    // ---- The address ----

    /** A variable of the path, decoded. */
    String variable(String name) {
        return Objects.requireNonNull(variables.get(name), name);
    }

    @Nullable
    String query(String name) {
        return queries.get(name);
    }

    long query(String name, long otherwise, long least, long most) {
        String value = queries.get(name);
        if (value == null) {
            return otherwise;
        }
        try {
            long number = Long.parseLong(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below, with the numbers out of range.
        }
        throw Problem.badRequest("The parameter " + name + " is \"" + value + "\", but must be a number from " + least
                + " to " + most + ".");
    }

    /** A reason that a client is given with a close. */
    String reason(String otherwise) {
        String reason = queries.getOrDefault("reason", otherwise);
        if (reason.getBytes(StandardCharsets.UTF_8).length
                > 123) { // RFC 6455 section 5.5: a control frame has 125 bytes
            throw Problem.badRequest("The parameter reason has more than 123 bytes.");
        }
        return reason;
    }

    /** How long the caller wants to wait besides; 0 where that is not said. */
    long waitMillis() {
        return query(WAIT_MILLIS, 0, 0, MAX_WAIT_MILLIS);
    }

    // ---- Headers and body ----

    /** By which a message is known again; null for none. */
    @Nullable
    String idempotencyKey() {
        String key = headers.get("Idempotency-Key");
        if (key != null && !Grammar.isUser(key)) {
            throw Problem.badRequest("The header Idempotency-Key must be 1 to 255 visible ASCII characters.");
        }
        return key;
    }

    /** Refuses a body of another type than the endpoint takes; before it is read. */
    void requireType(Router.Body expected) {
        String type = type();
        if (expected == Router.Body.JSON && !type.equals(JSON)) {
            throw unsupported(JSON);
        }
        if (expected == Router.Body.PAYLOAD && !List.of(TEXT, JSON, BINARY).contains(type)) {
            throw unsupported(TEXT + ", " + JSON + " or " + BINARY);
        }
        String all = String.valueOf(headers.get("Content-Type")).toLowerCase(Locale.ROOT);
        int charset = all.indexOf("charset=");
        if (charset >= 0 && !type.equals(BINARY)) {
            String name = all.substring(charset + "charset=".length())
                    .replace("\"", "")
                    .trim();
            if (!name.equals("utf-8")) {
                throw new Problem(
                        415,
                        "unsupported-media-type",
                        "The charset is " + name + ", but must be utf-8: nothing else is read.");
            }
        }
    }

    private String type() {
        String type = headers.get("Content-Type");
        if (type == null) {
            return "";
        }
        int semicolon = type.indexOf(';');
        return (semicolon < 0 ? type : type.substring(0, semicolon)).trim().toLowerCase(Locale.ROOT);
    }

    private Problem unsupported(String allowed) {
        String type = type();
        return new Problem(
                415,
                "unsupported-media-type",
                "The Content-Type is " + (type.isEmpty() ? "missing" : type) + ", but must be " + allowed + ".");
    }

    /** The body as what is to be said. */
    Payload payload() {
        ByteBuffer bytes = ByteBuffer.wrap(body);
        if (type().equals(BINARY)) {
            return Payload.binary(bytes);
        }
        try { // clients give a connection up that brings them text which is none
            StandardCharsets.UTF_8.newDecoder().decode(bytes.duplicate());
        } catch (CharacterCodingException e) {
            throw Problem.badRequest("The body is no UTF-8; what is not text is sent as " + BINARY + ".");
        }
        return Payload.text(bytes);
    }

    JsonNode json() {
        return Json.parse(body);
    }
}
