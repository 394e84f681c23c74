package dev.bowline.cli.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchEndpointTest extends ApiTestBase {
    @Test
    void eachMessageHasItsResultInOrder() {
        Got got = postJson("/v1/messages", """
                {"messages": [
                    {"topic": "news", "text": "one"},
                    {"user": "42", "text": "hello"},
                    {"topic": "news", "data": "AAEC"},
                    {"topic": "$mailbox", "text": "x"},
                    {"topic": "news", "text": "three", "key": "k"},
                    {"topic": "news", "text": "three", "key": "k"},
                    {"user": "42", "text": "hello", "key": "k"},
                    {"topic": "typing.ada", "text": "…"}]}
                """);
        assertThat(got.status()).isEqualTo(200);
        JsonNode results = got.json().get("results");
        assertThat(results.findValuesAsText("offset")).containsExactly("1", "1", "2", "3", "3", "2", "0");
        assertThat(results.get(3).at("/error/code").asText()).isEqualTo("bad-request");
        JsonNode kept = get("/v1/topics/news/messages").json().get("messages");
        assertThat(kept.findValuesAsText("text")).containsExactly("one", "three");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"text": "x"}                               | Message 1 must have one of "topic" and "user", and not both.
                    {"topic": "t", "user": "u", "text": "x"}    | Message 1 must have one of "topic" and "user", and not both.
                    {"topic": "t"}                              | Message 1 must have one of "text" and "data", and not both.
                    {"topic": "t", "text": "x", "data": "AA=="} | Message 1 must have one of "text" and "data", and not both.
                    {"topic": "t", "data": "!"}                 | "data" of message 1 must be Base64.
                    {"topic": "t", "text": 1}                   | "text" of message 1 must be a string.
                    {"topic": "t", "text": "x", "key": "a b"}   | "key" of message 1 must be 1 to 255 visible ASCII characters.
                    {"topic": "t", "text": "x", "to": 1}        | Message 1 has a member "to", but may have only topic, user, text, data, key.
                    {"user": "a b", "text": "x"}                | user is "a b", must be 1 to 255 visible ASCII characters, others percent-encoded.
                    7                                           | Message 1 must be a JSON object.
                    """)
    void aMistakeInOneHoldsUpNoOther(String message, String detail) {
        JsonNode results = postJson(
                        "/v1/messages", "{\"messages\": [" + message + ", {\"topic\": \"t\", \"text\": \"x\"}]}")
                .json()
                .get("results");
        assertThat(results.get(0).at("/error/detail").asText()).isEqualTo(detail);
        assertThat(results.get(1).get("offset").asLong()).isEqualTo(1);
    }

    @Test
    void theBodyMustBeAnArrayOfMessages() {
        assertThat(postJson("/v1/messages", "[]").problem())
                .isEqualTo("400 bad-request: The body must be a JSON object.");
        assertThat(postJson("/v1/messages", "{}").problem())
                .isEqualTo("400 bad-request: \"messages\" of the body must be an array of 1 to 1000.");
        assertThat(postJson("/v1/messages", "{\"messages\": []}").status()).isEqualTo(400);
        assertThat(postJson("/v1/messages", "{\"messages\": [" + messages(1_001) + "]}")
                        .status())
                .isEqualTo(400);
        assertThat(postJson("/v1/messages", "{\"messages\": [" + messages(1_000) + "]}")
                        .json()
                        .get("results"))
                .hasSize(1_000);
        assertThat(postJson("/v1/messages", "{\"messages\": [").problem())
                .startsWith("400 bad-request: The body is no JSON: line 1, column ");
        assertThat(postJson("/v1/messages", "{\"messages\": [], \"messages\": []}")
                        .problem())
                .contains("Duplicate");
        assertThat(postJson("/v1/messages", "").problem())
                .isEqualTo("400 bad-request: The body must be a JSON object.");
        assertThat(postText("/v1/messages", "{}").problem())
                .isEqualTo("415 unsupported-media-type: The Content-Type is text/plain, but must be application/json.");
    }

    private static String messages(int count) {
        return String.join(",", Collections.nCopies(count, "{\"topic\": \"many\", \"text\": \"x\"}"));
    }
}
