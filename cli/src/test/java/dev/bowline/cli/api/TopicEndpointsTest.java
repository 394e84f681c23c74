package dev.bowline.cli.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bowline.realtime.SubscribeOptions;
import dev.bowline.testkit.Recorder;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopicEndpointsTest extends ApiTestBase {
    private static List<String> messages(JsonNode history) {
        List<String> messages = new ArrayList<>();
        history.get("messages")
                .forEach(message -> messages.add(message.get("offset") + " "
                        + (message.has("text") ? message.get("text").asText() : message.get("data"))));
        return messages;
    }

    @Test
    void whatIsPublishedReachesSubscribersAsItIs() {
        Recorder<String> got = new Recorder<>();
        client(null)
                .subscribe(
                        "chat.lobby",
                        (topic, offset, payload) -> got.record(
                                offset + (payload.isText() ? " text " + payload.asText() : " bytes " + payload.size())))
                .ready()
                .toCompletableFuture()
                .join();

        Got first = postText("/v1/topics/chat.lobby/messages", "Grüße 🪢");
        assertThat(first.status()).isEqualTo(201);
        assertThat(first.body()).isEqualTo("{\"topic\":\"chat.lobby\",\"offset\":1}");
        postJson("/v1/topics/chat.lobby/messages", "{\"a\": 1 }");
        post("/v1/topics/chat.lobby/messages", "application/octet-stream", BodyPublishers.ofByteArray(new byte[] {-1, 0
        }));
        post("/v1/topics/chat.lobby/messages", "text/plain; charset=UTF-8", BodyPublishers.ofString(""));
        got.expect("1 text Grüße 🪢");
        got.expect("2 text {\"a\": 1 }");
        got.expect("3 bytes 2");
        got.expect("4 text ");
        got.assertEmpty();
    }

    @Test
    void aTopicWithoutALogGivesNoOffset() {
        assertThat(postText("/v1/topics/typing.ada/messages", "x")
                        .json()
                        .get("offset")
                        .asLong())
                .isZero();
        assertThat(get("/v1/topics/typing.ada/messages").json().get("end").asLong())
                .isZero();
    }

    @Test
    void namesMayBeEncoded() {
        assertThat(postText("/v1/topics/a%3Ab%25~%40%24/messages", "x")
                        .json()
                        .get("topic")
                        .asText())
                .isEqualTo("a:b%~@$");
        assertThat(postText("/v1/topics/a:b%25~@$/messages", "x")
                        .json()
                        .get("offset")
                        .asLong())
                .as("the same one")
                .isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"$mailbox", "%24mailbox", "a..b", "a%20b", "a%2Fb", "a.*", "a+b"})
    void whatIsNoTopicOfTheApplicationsIsRefused(String topic) {
        for (Got got : List.of(
                postText("/v1/topics/" + topic + "/messages", "x"),
                get("/v1/topics/" + topic + "/messages"),
                get("/v1/topics/" + topic + "/presence"))) {
            assertThat(got.problem())
                    .startsWith("400 bad-request: topic is \"")
                    .contains("must be segments of letters");
        }
    }

    @Test
    void aMessageWithAKeyIsPublishedOnceHoweverOftenItIsTried() {
        List<CompletableFuture<Got>> tries = new ArrayList<>();
        port(); // starts it here
        for (int i = 0; i < 8; i++) {
            tries.add(CompletableFuture.supplyAsync(
                    () -> postText("/v1/topics/orders/messages", "paid", "Idempotency-Key", "order-1")));
        }
        tries.forEach(
                one -> assertThat(one.join().json().get("offset").asLong()).isEqualTo(1));
        assertThat(postText("/v1/topics/orders/messages", "another", "Idempotency-Key", "order-1")
                        .status())
                .isEqualTo(201);
        postText("/v1/topics/orders/messages", "paid", "Idempotency-Key", "order-2");
        assertThat(messages(get("/v1/topics/orders/messages").json())).containsExactly("1 paid", "2 paid");
        assertThat(postText("/v1/topics/orders/messages", "x", "Idempotency-Key", "a b")
                        .problem())
                .isEqualTo("400 bad-request: The header Idempotency-Key must be 1 to 255 visible ASCII characters.");
    }

    @Test
    void textMustBeText() {
        assertThat(post("/v1/topics/news/messages", "text/plain", BodyPublishers.ofByteArray(new byte[] {
                            (byte) 0xC3, 0x28
                        }))
                        .problem())
                .isEqualTo(
                        "400 bad-request: The body is no UTF-8; what is not text is sent as application/octet-stream.");
    }

    @Test
    void historyIsReadPageByPage() {
        for (int i = 1; i <= 5; i++) {
            postText("/v1/topics/news/messages", "m" + i);
        }
        JsonNode first = get("/v1/topics/news/messages?limit=3").json();
        assertThat(messages(first)).containsExactly("1 m1", "2 m2", "3 m3");
        assertThat(first.get("more").asBoolean()).isTrue();
        String epoch = first.get("epoch").asText();
        JsonNode second = get("/v1/topics/news/messages?after=3&epoch=" + epoch).json();
        assertThat(messages(second)).containsExactly("4 m4", "5 m5");
        assertThat(second.get("more").asBoolean()).isFalse();
        assertThat(second.get("reset").asBoolean()).isFalse();
        assertThat(messages(get("/v1/topics/news/messages?last=2").json())).containsExactly("4 m4", "5 m5");
        assertThat(messages(get("/v1/topics/news/messages?after=5").json())).isEmpty();
    }

    @Test
    void historyTellsWhatIsGoneAndWhenItIsAnothersSince() {
        for (int i = 1; i <= 4; i++) {
            postText("/v1/topics/short.news/messages", "m" + i);
        }
        JsonNode rest = get("/v1/topics/short.news/messages?after=1").json();
        assertThat(rest.get("begin").asLong()).isEqualTo(3);
        assertThat(messages(rest)).containsExactly("3 m3", "4 m4");
        JsonNode other =
                get("/v1/topics/short.news/messages?after=4&epoch=another").json();
        assertThat(other.get("reset").asBoolean()).isTrue();
        assertThat(messages(other)).containsExactly("3 m3", "4 m4");
    }

    @Test
    void historyHasBytesInBase64() {
        post("/v1/topics/news/messages", "application/octet-stream", BodyPublishers.ofByteArray(new byte[] {0, 1, 2}));
        assertThat(messages(get("/v1/topics/news/messages").json())).containsExactly("1 \"AAEC\"");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    limit=0           | The parameter limit is "0", but must be a number from 1 to 1000.
                    limit=1001        | The parameter limit is "1001", but must be a number from 1 to 1000.
                    after=x           | The parameter after is "x", but must be a number from 0 to 9007199254740991.
                    after=            | The parameter after is "", but must be a number from 0 to 9007199254740991.
                    epoch=a%20b       | The parameter epoch is none that an answer had.
                    last=2&after=1    | The parameter last stands alone, without after, epoch and limit.
                    limt=5            | There is no parameter "limt" here, only after, epoch, last, limit.
                    after=1&after=2   | The parameter "after" is there twice.
                    """)
    void parametersMustBeRight(String query, String detail) {
        assertThat(get("/v1/topics/news/messages?" + query).problem()).isEqualTo("400 bad-request: " + detail);
    }

    @Test
    void presenceListsUsers() {
        assertThat(get("/v1/topics/room/presence").body()).isEqualTo("{\"topic\":\"room\",\"users\":[]}");
        client("ada")
                .subscribe("room", SubscribeOptions.DEFAULT, (topic, offset, payload) -> {})
                .ready()
                .toCompletableFuture()
                .join();
        assertThat(get("/v1/topics/room/presence").body()).isEqualTo("{\"topic\":\"room\",\"users\":[\"ada\"]}");
    }
}
