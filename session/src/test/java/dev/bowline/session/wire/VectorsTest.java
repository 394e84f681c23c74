package dev.bowline.session.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Base64;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code protocol/vectors/messages.json}, which the tests of other languages read too. */
class VectorsTest {
    private static final Path FILE = Path.of("..", "protocol", "vectors", "messages.json");

    private static Stream<JsonNode> vectors(String group) {
        try {
            JsonNode file = new ObjectMapper().readTree(FILE.toFile());
            return StreamSupport.stream(file.path(group).spliterator(), false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<JsonNode> client() {
        return vectors("client");
    }

    static Stream<JsonNode> server() {
        return vectors("server");
    }

    static Stream<JsonNode> malformed() {
        return vectors("malformed");
    }

    private static Payload wire(JsonNode vector) {
        return vector.has("wire")
                ? Payload.text(vector.path("wire").asText())
                : Payload.binary(ByteBuffer.wrap(
                        Base64.getDecoder().decode(vector.path("base64").asText())));
    }

    @ParameterizedTest
    @MethodSource
    void client(JsonNode vector) {
        ClientMessage message = ClientMessage.parse(wire(vector));
        assertThat(Described.of(message).toPrettyString())
                .isEqualTo(vector.path("is").toPrettyString());
        assertThat(message.toWire().equals(wire(vector)))
                .isEqualTo(!vector.path("accepted").asBoolean());
        assertThat(ClientMessage.parse(message.toWire())).isEqualTo(message);
    }

    @ParameterizedTest
    @MethodSource
    void server(JsonNode vector) {
        ServerMessage message = ServerMessage.parse(wire(vector));
        assertThat(Described.of(message).toPrettyString())
                .isEqualTo(vector.path("is").toPrettyString());
        assertThat(message.toWire().equals(wire(vector)))
                .isEqualTo(!vector.path("accepted").asBoolean());
        assertThat(ServerMessage.parse(message.toWire())).isEqualTo(message);
    }

    @ParameterizedTest
    @MethodSource
    void malformed(JsonNode vector) {
        String by = vector.path("by").asText();
        if (!by.equals("server")) {
            assertThat(ClientMessage.parse(wire(vector)))
                    .isInstanceOfSatisfying(Malformed.class, found -> assertThat(found.code())
                            .as(found.detail())
                            .isEqualTo(vector.path("code").asText()));
        }
        if (!by.equals("client")) {
            assertThat(ServerMessage.parse(wire(vector)))
                    .isInstanceOfSatisfying(Malformed.class, found -> assertThat(found.code())
                            .as(found.detail())
                            .isEqualTo(vector.path("code").asText()));
        }
    }
}
