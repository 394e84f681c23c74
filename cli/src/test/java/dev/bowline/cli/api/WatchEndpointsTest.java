package dev.bowline.cli.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bowline.cli.api.parts.ApiParts;
import dev.bowline.realtime.SessionClient;
import dev.bowline.testkit.Await;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** That the answers are as the document says, {@link ApiTestBase} sees to. */
class WatchEndpointsTest extends ApiTestBase {
    private static final String NEWS = "news";

    private SessionClient subscribed(String user, AtomicInteger received) {
        SessionClient client = client(user);
        client.subscribe(NEWS, (topic, offset, payload) -> received.incrementAndGet())
                .ready()
                .toCompletableFuture()
                .join();
        return client;
    }

    @Test
    void statisticsTellOfRealTraffic() {
        AtomicInteger received = new AtomicInteger();
        subscribed("ada", received);
        subscribed("ada", received);
        subscribed("bob", received);
        postText("/v1/topics/news/messages", "one");
        postText("/v1/topics/news/messages", "two");
        Await.until("all have both", () -> received.get() == 6);
        JsonNode told = get("/v1/statistics").json();
        assertThat(told.at("/node/name").asText()).endsWith(":" + server().port());
        assertThat(told.at("/node/connections/open").asInt()).isEqualTo(3);
        assertThat(told.at("/node/connections/received/messages").asInt()).isPositive();
        assertThat(told.at("/node/sessions/connected").asInt()).isEqualTo(3);
        assertThat(told.at("/node/messages/topic").asInt()).isEqualTo(6);
        assertThat(told.at("/node/delivery/count").asInt()).isPositive();
        assertThat(told.at("/node/loops/0/busyNanos").asLong()).isPositive();
        assertThat(told.at("/node/memory/usedBytes").asLong())
                .isPositive()
                .isLessThanOrEqualTo(told.at("/node/memory/maxBytes").asLong());
        assertThat(told.get("topics")).hasToString("[{\"topic\":\"news\",\"subscribers\":3,\"delivered\":6}]");
        assertThat(told.get("users"))
                .hasToString("[{\"user\":\"ada\",\"sessions\":2},{\"user\":\"bob\",\"sessions\":1}]");
    }

    @Test
    void aNodeWithoutOthersIsAllThereAre() {
        JsonNode nodes = get("/v1/nodes").json();
        assertThat(nodes.get("complete").asBoolean()).isTrue();
        assertThat(nodes.get("nodes")).hasSize(1);
        assertThat(nodes.at("/nodes/0/id").asText())
                .isEqualTo(nodes.get("asked").asText())
                .isEqualTo(get("/v1/statistics").json().at("/node/id").asText());
    }

    @Test
    void aTraceTellsTheLifeOfASession() {
        SessionClient client = client("ada");
        String id = get("/v1/sessions").json().at("/sessions/0/id").asText();
        client.bye().toCompletableFuture().join();
        Await.until(
                "the end is there",
                () -> get("/v1/sessions/" + id + "/trace").json().get("events").size() == 2);
        JsonNode trace = get("/v1/sessions/" + id + "/trace").json();
        assertThat(trace.get("session").asText()).isEqualTo(id);
        assertThat(trace.get("user").asText()).isEqualTo("ada");
        assertThat(trace.get("events").findValuesAsText("event")).containsExactly("started", "ended");
        assertThat(trace.at("/events/1/code").asInt()).isEqualTo(1000);
    }

    @Test
    void ofASessionThatNobodyKnowsThereIsNoTrace() {
        assertThat(get("/v1/sessions/nobody/trace").problem())
                .isEqualTo("404 not-found: This node knows nothing of a session nobody.");
    }

    @Test
    void whereNobodyWatchesThereIsNothingToTell() {
        start(options(), new ApiParts(hub(), hub()::sessions, null, null, () -> null));
        for (String path : new String[] {"/v1/statistics", "/v1/nodes", "/v1/sessions/any/trace"}) {
            assertThat(get(path).problem()).isEqualTo("501 not-configured: This server has no statistics.");
        }
    }

    @Test
    void whatIsToldNeedsAKey() {
        for (String path : new String[] {"/v1/statistics", "/v1/nodes", "/v1/sessions/any/trace"}) {
            assertThat(get(path, "Authorization", "none").status()).isEqualTo(401);
        }
    }
}
