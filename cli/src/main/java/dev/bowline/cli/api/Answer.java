package dev.bowline.cli.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What a request is answered with. Immutable. */
record Answer(int status, String contentType, ByteBuffer body, Map<String, String> headers) {
    Answer {
        body = body.asReadOnlyBuffer();
        headers = Map.copyOf(headers);
    }

    static Answer json(int status, JsonNode json) {
        return new Answer(status, "application/json", ByteBuffer.wrap(Json.bytes(json)), Map.of());
    }

    static Answer text(String contentType, String text) {
        return new Answer(200, contentType, StandardCharsets.UTF_8.encode(text), Map.of());
    }

    /** Without a body. */
    static Answer empty(int status) {
        return new Answer(status, "", ByteBuffer.allocate(0), Map.of());
    }
}
