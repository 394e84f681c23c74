package dev.bowline.cli.hook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bowline.session.server.SessionInfo;
import dev.bowline.session.wire.Payload;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is posted, as JSON: {@code {"id": …, "type": …, "timestamp": …, "node": …, "data": {…}}}.
 *
 * @param node who tells it
 */
record Envelope(String node) {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** @param data puts in what there is to tell */
    byte[] write(String id, String type, Instant at, Consumer<? super ObjectNode> data) {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("id", id);
        json.put("type", type);
        json.put("timestamp", at.truncatedTo(ChronoUnit.MILLIS).toString());
        json.put("node", node);
        data.accept(json.putObject("data"));
        try {
            return MAPPER.writeValueAsBytes(json);
        } catch (JsonProcessingException e) { // a tree can always be written
            throw new UncheckedIOException(e);
        }
    }

    /** Who it is about; without what there is not. */
    static void put(ObjectNode data, SessionInfo session) {
        data.put("session", session.id());
        put(data, "user", session.user());
        put(data, "agent", session.agent());
    }

    private static void put(ObjectNode data, String name, @Nullable String value) {
        if (value != null) {
            data.put(name, value);
        }
    }

    /** What was said, as the HTTP API tells it: {@code text}, or {@code data} in Base64. */
    static void put(ObjectNode data, Payload payload) {
        if (payload.isText()) {
            data.put("text", payload.asText());
        } else {
            ByteBuffer bytes = payload.bytes();
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            data.put("data", Base64.getEncoder().encodeToString(copy));
        }
    }
}
