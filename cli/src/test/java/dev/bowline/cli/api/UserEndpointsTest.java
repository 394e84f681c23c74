package dev.bowline.cli.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.realtime.SessionClient;
import dev.bowline.realtime.SessionState;
import dev.bowline.testkit.Await;
import dev.bowline.testkit.Recorder;
import org.junit.jupiter.api.Test;

class UserEndpointsTest extends ApiTestBase {
    private void readMailbox(SessionClient client, Recorder<String> got) {
        client.subscribe("$mailbox", (topic, offset, payload) -> got.record(offset + " " + payload.asText()))
                .ready()
                .toCompletableFuture()
                .join();
    }

    @Test
    void aMessageReachesEveryDevice() {
        Recorder<String> got = new Recorder<>();
        readMailbox(client("42"), got);
        readMailbox(client("42"), got);
        Got sent = postText("/v1/users/42/messages?waitMillis=10000", "hello");
        assertThat(sent.status()).isEqualTo(201);
        assertThat(sent.body()).isEqualTo("{\"user\":\"42\",\"offset\":1,\"received\":true}");
        got.expect("1 hello");
        got.expect("1 hello");
        got.assertEmpty();
    }

    @Test
    void aMessageForWhoIsAwayIsKept() {
        assertThat(postText("/v1/users/42/messages", "hello").body()).isEqualTo("{\"user\":\"42\",\"offset\":1}");
        assertThat(postText("/v1/users/42/messages?waitMillis=0", "hello").body())
                .isEqualTo("{\"user\":\"42\",\"offset\":2,\"received\":false}");
        assertThat(postText("/v1/users/42/messages?waitMillis=20", "hello").body())
                .isEqualTo("{\"user\":\"42\",\"offset\":3,\"received\":false}");
        assertThat(postText("/v1/users/42/messages?waitMillis=60001", "hello").problem())
                .isEqualTo(
                        "400 bad-request: The parameter waitMillis is \"60001\", but must be a number from 0 to 60000.");
    }

    @Test
    void aMessageWithAKeyIsKeptOnce() {
        postText("/v1/users/42/messages", "paid", "Idempotency-Key", "order-1");
        assertThat(postText("/v1/users/42/messages", "paid", "Idempotency-Key", "order-1")
                        .json()
                        .get("offset")
                        .asLong())
                .isEqualTo(1);
        assertThat(postText("/v1/users/42/messages", "paid")
                        .json()
                        .get("offset")
                        .asLong())
                .isEqualTo(2);
    }

    @Test
    void namesMayHoldWhatAPathMayNot() {
        assertThat(postText("/v1/users/a%2Fb%3F%25%23+c/messages", "x")
                        .json()
                        .get("user")
                        .asText())
                .isEqualTo("a/b?%#+c");
        assertThat(get("/v1/users/a;b=1").json().get("user").asText()).isEqualTo("a;b=1");
        assertThat(get("/v1/users/%2E%2E").json().get("user").asText()).isEqualTo("..");
        assertThat(get("/v1/users/a%20b").problem()).startsWith("400 bad-request: user is \"a b\", must be 1 to 255");
        assertThat(get("/v1/users/" + "x".repeat(256)).problem()).startsWith("400 bad-request: user is \"xxx");
    }

    @Test
    void aUserIsLookedAt() {
        assertThat(get("/v1/users/42").body()).isEqualTo("{\"user\":\"42\",\"connected\":false,\"sessions\":[]}");
        client("42");
        client("42");
        Got there = get("/v1/users/42");
        assertThat(there.json().get("connected").asBoolean()).isTrue();
        assertThat(there.json().get("sessions")).hasSize(2);
    }

    @Test
    void allSessionsOfAUserEnd() {
        SessionClient phone = client("42");
        SessionClient laptop = client("42");
        SessionClient other = client("43");
        assertThat(delete("/v1/users/42/sessions?reason=left%20the%20company").status())
                .isEqualTo(202);
        Await.until("ended", () -> phone.state() == SessionState.ENDED && laptop.state() == SessionState.ENDED);
        Await.until("gone", () -> get("/v1/users/42").json().get("sessions").isEmpty());
        assertThat(other.state()).isEqualTo(SessionState.OPEN);
        assertThat(delete("/v1/users/42/sessions?reason=" + "%C3%BC".repeat(62)).problem())
                .isEqualTo("400 bad-request: The parameter reason has more than 123 bytes.");
    }
}
