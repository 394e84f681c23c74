package dev.bowline.session.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bowline.session.server.ServerHarness.Peer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("§10.2: violations")
class ViolationsTest {
    private static final Path VECTORS = Path.of("..", "protocol", "vectors", "messages.json");

    @RegisterExtension
    private final ServerHarness server = new ServerHarness();

    static Stream<JsonNode> malformed() {
        try {
            JsonNode file = new ObjectMapper().readTree(VECTORS.toFile());
            return StreamSupport.stream(file.path("malformed").spliterator(), false)
                    .filter(vector -> !vector.path("by").asText().equals("server"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void say(Peer client, JsonNode vector) {
        if (vector.has("wire")) {
            client.says(vector.path("wire").asText());
        } else {
            client.saysBinary(Base64.getDecoder().decode(vector.path("base64").asText()));
        }
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void whatIsMalformedEndsTheSession(JsonNode vector) {
        Peer client = server.open();
        say(client, vector);
        server.expect("1 closed 4500 " + vector.path("code").asText(), "a memory-s1 ENDED");
        client.says("send 1 chat\nlate");
        assertThat(server.a.node.sessionCount()).isZero();
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void whatIsMalformedIsNoGreeting(JsonNode vector) {
        say(server.a.connect(), vector);
        server.expect("1 closed 4500 " + vector.path("code").asText());
    }

    @ParameterizedTest
    @CsvSource({
        "send 2 chat, number",
        "ack 1, number",
        "hello, hello",
        "welcome, verb",
        "sub 1 news again, header",
    })
    void endTheSession(String wire, String code) {
        server.open().says(wire);
        server.expect("1 closed 4500 " + code, "a memory-s1 ENDED");
        server.a.connect().says("hello\nresume memory-s1 t1 0 1");
        server.expect("2> welcome|session memory-s2 t2|new expired" + ServerHarness.TERMS, "a memory-s2 STARTED");
    }

    @Test
    void aHelloMayBeLargerThanOtherMessages() {
        server.a.connect().says("hello\n" + "x ".repeat(997)); // with the space that ends it no line
        server.expect("1 closed 4500 hello");
        server.a.connect().says("hello" + "\nfeature x".repeat(199)); // 1,995 bytes
        server.expect("2> welcome|session memory-s1 t1|new" + ServerHarness.TERMS, "a memory-s1 STARTED");
        server.a.connect().says("hello" + "\nfeature x".repeat(200)); // 2,005 bytes
        server.expect("3 closed 4500 too-big");
    }

    @Test
    void moreOfWhatIsNotOpenIsNone() {
        server.open().says("more 7 7", "send 1 chat\nx", "more 1 7");
        server.expect("a message chat x of null", "1> ok 1 1");
    }
}
