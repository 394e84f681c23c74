package dev.bowline.cli.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bowline.session.wire.Payload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Base64;

/** Reads and writes JSON. */
final class Json {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static byte[] bytes(JsonNode json) {
        try {
            return MAPPER.writeValueAsBytes(json);
        } catch (JsonProcessingException e) { // a tree can always be written
            throw new UncheckedIOException(e);
        }
    }

    /** @throws Problem if it is no JSON */
    static JsonNode parse(byte[] bytes) {
        try {
            return MAPPER.readTree(bytes);
        } catch (JsonProcessingException e) {
            throw Problem.badRequest(
                    "The body is no JSON: line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr() + ": " + e.getOriginalMessage());
        } catch (IOException e) { // of an array
            throw new UncheckedIOException(e);
        }
    }

    /** What was said, as the API tells it: {@code text}, or {@code data} in Base64. */
    static void put(ObjectNode json, Payload payload) {
        if (payload.isText()) {
            json.put("text", payload.asText());
        } else {
            ByteBuffer bytes = payload.bytes();
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            json.put("data", Base64.getEncoder().encodeToString(copy));
        }
    }
}
