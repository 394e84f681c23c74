package dev.bowline.cli.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bowline.cli.api.parts.ApiParts;
import dev.bowline.session.server.SessionView;
import dev.bowline.testkit.Await;
import dev.bowline.testkit.RawPeer;
import java.io.IOException;
import java.net.BindException;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for every endpoint. */
class ApiServerTest extends ApiTestBase {
    private static final String OTHER_KEY = "another-key-0123456789";

    private static String bearer(String key) {
        return "Bearer " + key;
    }

    @Test
    void whoHasNoKeyIsRefusedAndToldHow() {
        Got got = get("/v1/sessions", "Authorization", "Basic eDp5");
        assertThat(got.problem())
                .isEqualTo("401 unauthorized: There is no key; send the header Authorization: Bearer KEY.");
        assertThat(got.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"bowline\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"test-key-012345678", "test-key-01234567890", "TEST-KEY-0123456789", "", "x"})
    void whoHasAnotherKeyIsRefused(String key) {
        Got got = get("/v1/sessions", "Authorization", bearer(key));
        assertThat(got.status()).isEqualTo(401);
        assertThat(got.body()).doesNotContain(KEY);
    }

    @Test
    void everyKeyOfItsIsGood() {
        start(ApiOptions.of(List.of(KEY, OTHER_KEY)).withPort(0), parts(hub()));
        for (String key : List.of(KEY, OTHER_KEY)) {
            assertThat(get("/v1/sessions", "Authorization", bearer(key)).status())
                    .isEqualTo(200);
            assertThat(get("/v1/sessions", "Authorization", "bearer  " + key).status())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/v1",
                "/v1/",
                "/v1/topics/a",
                "/v1/topics/a/messages/",
                "/v1/topics//messages",
                "/v1/x/../sessions"
            })
    void whereNothingIsIsNotFound(String path) {
        assertThat(get(path).problem())
                .isEqualTo("404 not-found: There is nothing at this path; /v1/openapi.json says where something is.");
    }

    @Test
    void anotherMethodIsRefusedWithThoseThatThereAre() {
        Got got = send("PUT", "/v1/topics/news/messages", BodyPublishers.ofString("x"));
        assertThat(got.problem()).isEqualTo("405 method-not-allowed: This path takes POST, GET, HEAD alone.");
        assertThat(got.header("Allow")).isEqualTo("POST, GET, HEAD");
        assertThat(send("OPTIONS", "/v1/messages", BodyPublishers.noBody()).header("Allow"))
                .isEqualTo("POST");
        assertThat(get("/v1/sessions", "Origin", "https://example.org").header("Access-Control-Allow-Origin"))
                .isEmpty();
    }

    @Test
    void headIsGetWithoutABody() {
        Got got = send("HEAD", "/v1/sessions", BodyPublishers.noBody());
        assertThat(got.status()).isEqualTo(200);
        assertThat(got.body()).isEmpty();
        assertThat(got.header("Content-Length"))
                .isEqualTo(Integer.toString(get("/v1/sessions").body().length()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    application/x-www-form-urlencoded | The Content-Type is application/x-www-form-urlencoded, but must be text/plain, application/json or application/octet-stream.
                    text/html                         | The Content-Type is text/html, but must be text/plain, application/json or application/octet-stream.
                    text/plain; charset=iso-8859-1    | The charset is iso-8859-1, but must be utf-8: nothing else is read.
                    """)
    void aBodyOfAnotherTypeIsRefused(String type, String detail) {
        assertThat(post("/v1/topics/news/messages", type, BodyPublishers.ofString("x"))
                        .problem())
                .isEqualTo("415 unsupported-media-type: " + detail);
    }

    @Test
    void aBodyWithoutATypeIsRefused() {
        assertThat(send("POST", "/v1/messages", BodyPublishers.ofString("{}")).problem())
                .isEqualTo("415 unsupported-media-type: The Content-Type is missing, but must be application/json.");
    }

    @Test
    void aBodyMayHaveSoManyBytes() {
        start(options().withMaxBodyBytes(2_000), parts(hub()));
        assertThat(postText("/v1/topics/news/messages", "x".repeat(2_000)).status())
                .isEqualTo(201);
        try (RawPeer peer = RawPeer.connect(port())) { // who says so beforehand need not send it
            peer.write("POST /v1/topics/news/messages HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + KEY
                    + "\r\nContent-Type: text/plain\r\nContent-Length: 2001\r\nExpect: 100-continue\r\n\r\n");
            assertThat(peer.readHead()).startsWith("HTTP/1.1 413 ").contains("application/problem+json");
        }
        assertThat(post(
                                "/v1/topics/news/messages",
                                "text/plain",
                                BodyPublishers.fromPublisher(BodyPublishers.ofString("x".repeat(2_001)))) // in chunks
                        .problem())
                .isEqualTo("413 too-large: The body may have 2000 bytes.");
        assertThat(get("/v1/topics/news/messages").json().get("end").asLong()).isEqualTo(1);
    }

    @Test
    void whatTakesTooLongEnds() {
        ApiParts parts = parts(hub());
        start(
                options().withTimeout(Duration.ofMillis(50)),
                new ApiParts(parts.hub(), CompletableFuture::new, null, null, parts.readiness()));
        assertThat(get("/v1/sessions").problem())
                .isEqualTo("504 timeout: No answer in time; what was asked for may still come about."
                        + " With a key, try again.");
    }

    @Test
    void manyThatWaitHoldUpNobodyElse() {
        List<CompletableFuture<List<SessionView>>> asked = new ArrayList<>(); // under its own lock
        ApiParts parts = parts(hub());
        start(
                options(),
                new ApiParts(
                        parts.hub(),
                        () -> {
                            CompletableFuture<List<SessionView>> answer = new CompletableFuture<>();
                            synchronized (asked) {
                                asked.add(answer);
                            }
                            return answer;
                        },
                        null,
                        null,
                        parts.readiness()));
        List<CompletableFuture<Got>> waiting = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            waiting.add(CompletableFuture.supplyAsync(() -> get("/v1/sessions"), task -> new Thread(task).start()));
        }
        Await.until("all have asked", () -> {
            synchronized (asked) {
                return asked.size() == waiting.size();
            }
        });
        assertThat(postText("/v1/topics/news/messages", "x").status()).isEqualTo(201);
        asked.forEach(answer -> answer.complete(List.of()));
        waiting.forEach(one -> assertThat(one.join().status()).isEqualTo(200));
    }

    @Test
    void whatIsNoHttpIsToldSo() {
        try (RawPeer peer = RawPeer.connect(port())) {
            peer.write("GET /healthz HTTP/1.1\r\nHost: a\r\nBad Header: x\r\n\r\n");
            assertThat(peer.readHead()).startsWith("HTTP/1.1 400 ").contains("application/problem+json");
        }
        try (RawPeer peer = RawPeer.connect(port())) {
            peer.write("GET /healthz HTTP/1.1\r\nHost: a\r\nX: " + "x".repeat(20_000) + "\r\n\r\n");
            assertThat(peer.readHead()).startsWith("HTTP/1.1 431 ").contains("application/problem+json");
        }
        for (String path : List.of("/v1/users/a%zz", "/v1/users/%F0%9F", "/v1/sessions?after=%zz")) {
            try (RawPeer peer = RawPeer.connect(port())) {
                peer.write("GET " + path + " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + KEY + "\r\n\r\n");
                assertThat(peer.readHead()).startsWith("HTTP/1.1 400 ").contains("application/problem+json");
            }
        }
    }

    @Test
    void soManyConnectionsAreServedAtATime() {
        start(options().withMaxConnections(2), parts(hub()));
        String request = "HEAD /healthz HTTP/1.1\r\nHost: a\r\n\r\n";
        try (RawPeer second = RawPeer.connect(port())) {
            RawPeer third;
            try (RawPeer first = RawPeer.connect(port())) {
                for (RawPeer peer : List.of(first, second)) {
                    peer.write(request);
                    assertThat(peer.readHead()).startsWith("HTTP/1.1 200 ");
                }
                third = RawPeer.connect(port());
                third.write(request);
                for (int i = 0; i < 50; i++) { // it waits, while others are served so often
                    first.write(request);
                    assertThat(first.readHead()).startsWith("HTTP/1.1 200 ");
                }
                third.expectNothing(Duration.ofMillis(1));
            }
            try (third) {
                assertThat(third.readHead()).startsWith("HTTP/1.1 200 ");
            }
        }
    }

    @Test
    void aPortThatIsTakenIsToldSo() {
        int taken = port();
        assertThatThrownBy(() -> ApiServer.start(options().withPort(taken), parts(hub())))
                .isInstanceOf(IOException.class)
                .satisfies(thrown -> assertThat(
                                thrown instanceof BindException || thrown.getCause() instanceof BindException)
                        .isTrue());
    }

    @Test
    void closeWaitsForWhatIsUnderWay() {
        CompletableFuture<List<SessionView>> answer = new CompletableFuture<>();
        CompletableFuture<Void> asked = new CompletableFuture<>();
        ApiParts parts = parts(hub());
        ApiServer api = start(
                options(),
                new ApiParts(
                        parts.hub(),
                        () -> {
                            asked.complete(null);
                            return answer;
                        },
                        null,
                        null,
                        parts.readiness()));
        CompletableFuture<Got> got =
                CompletableFuture.supplyAsync(() -> get("/v1/sessions"), task -> new Thread(task).start());
        asked.join();
        CompletableFuture<Void> closed = CompletableFuture.runAsync(api::close, task -> new Thread(task).start());
        answer.complete(List.of());
        assertThat(got.join().status()).isEqualTo(200);
        closed.join();
    }
}
