package dev.bowline.cli.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bowline.realtime.RefusedException;
import dev.bowline.realtime.Request;
import dev.bowline.session.server.SessionInfo;
import dev.bowline.session.wire.Payload;
import dev.bowline.testkit.Await;
import dev.bowline.testkit.CapturedLog;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ForwarderTest {
    private static final SessionInfo ADA = new SessionInfo("s-1", "ada", "shop/2");

    private final BackEnd backEnd = new BackEnd();
    private final ManualTimer timer = new ManualTimer();
    private final Poster poster = new Poster(timer);
    private final CapturedLog log = CapturedLog.of(Forwarder.class);
    private final Forwarder forwarder = forwarder(backEnd.url(), Duration.ofSeconds(20));

    @AfterEach
    void close() {
        poster.close();
        backEnd.close();
        log.close();
        assertThat(backEnd.wrong()).isEmpty();
        assertThat(log.lines()).noneMatch(line -> line.contains("hidden") || line.contains(BackEnd.SECRET));
    }

    private Forwarder forwarder(URI url, Duration timeout) {
        Target target = new Target(url, SigningSecret.of(BackEnd.SECRET), timeout);
        return new Forwarder(target, poster, new Envelope("node-1"), timer);
    }

    private static CompletionStage<Payload> ask(Forwarder forwarder, Payload payload) {
        return forwarder.answer(new Request(ADA, "shop.order", payload));
    }

    private Payload answer(Payload payload) throws Exception {
        return ask(forwarder, payload).toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private static RefusedException refusal(Forwarder from) throws InterruptedException, TimeoutException {
        try {
            Payload payload =
                    ask(from, Payload.text("tea")).toCompletableFuture().get(20, TimeUnit.SECONDS);
            throw new AssertionError("answered: " + payload.asText());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RefusedException refused) {
                return refused;
            }
            throw new AssertionError(e);
        }
    }

    private static Payload binary(int... bytes) {
        ByteBuffer all = ByteBuffer.allocate(bytes.length);
        for (int one : bytes) {
            all.put((byte) one);
        }
        return Payload.binary(all.flip());
    }

    // ---- Answers ----

    @Test
    void aTextIsForwardedWithWhoseItIs() throws Exception {
        backEnd.answers(200, "application/json; charset=utf-8", "{\"order\":17}");
        assertThat(answer(Payload.text("2 \"tea\" für Ada"))).isEqualTo(Payload.text("{\"order\":17}"));
        BackEnd.Told told = backEnd.told().get(0);
        assertThat(told.contentType()).isEqualTo("application/json");
        assertThat(told.body())
                .isEqualTo("{\"id\":\"" + told.id() + "\",\"type\":\"request\",\"timestamp\":\"2026-05-01T12:00:00Z\","
                        + "\"node\":\"node-1\",\"data\":{\"name\":\"shop.order\",\"session\":\"s-1\",\"user\":\"ada\","
                        + "\"agent\":\"shop/2\",\"text\":\"2 \\\"tea\\\" für Ada\"}}");
        assertThat(forwarder.answered()).isEqualTo(1);
        assertThat(log.lines()).isEmpty();
    }

    @Test
    void bytesAreForwardedInBase64AndAnsweredAsTheyAre() throws Exception {
        backEnd.answers(201, "application/octet-stream", new byte[] {(byte) 0xff, 0, 7});
        assertThat(answer(binary(0, 1, 0xff))).isEqualTo(binary(0xff, 0, 7));
        assertThat(backEnd.told().get(0).data("data")).isEqualTo("AAH/");
    }

    @Test
    void nothingIsAnAnswer() throws Exception {
        assertThat(answer(Payload.NONE)).isEqualTo(Payload.NONE);
        assertThat(backEnd.told().get(0).data("text")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "TEXT/html;charset=x", "application/problem+json", "application/json"})
    void isTextWhereTheTypeSaysSo(String type) throws Exception {
        backEnd.answers(200, type, "ü");
        assertThat(answer(Payload.NONE)).isEqualTo(Payload.text("ü"));
    }

    @Test
    void textThatIsNoneDoesNotReachTheClient() throws Exception {
        backEnd.answers(200, "text/plain", new byte[] {(byte) 0xc3, 0x28});
        assertThat(refusal(forwarder).code()).isEqualTo("internal");
        assertThat(log.lines()).singleElement().asString().endsWith("its answer is text, but not in UTF-8");
    }

    // ---- Refusals ----

    @ParameterizedTest
    @CsvSource({
        "400, bad-request, 1",
        "401, forbidden, 1",
        "403, forbidden, 1",
        "404, not-found, 1",
        "409, conflict, 1",
        "410, not-found, 1",
        "413, too-large, 1",
        "422, bad-request, 1",
        "429, rate-limited, 1",
        "500, internal, 0",
        "502, unknown, 0",
        "503, unavailable, 0",
        "504, timeout, 0",
        "302, internal, 0",
    })
    void areToldByTheStatus(int status, String code, long refused) throws Exception {
        backEnd.answers(status);
        RefusedException refusal = refusal(forwarder);
        assertThat(refusal.code()).isEqualTo(code);
        assertThat(refusal).hasMessage("");
        assertThat(forwarder.refused()).isEqualTo(refused);
        assertThat(forwarder.failed()).isEqualTo(1 - refused);
        assertThat(log.lines()).hasSize((int) (1 - refused));
        assertThat(backEnd.told()).as("tried once").hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"code": "shop.sold-out", "detail": "No more tea."} | shop.sold-out | No more tea.
            {"code": "shop.sold-out", "message": "No more."}    | shop.sold-out | No more.
            {"code": "not a code", "detail": "No."}             | conflict      | No.
            {"code": 17}                                        | conflict      | ``
            ["code"]                                            | conflict      | ``
            No more tea.                                        | conflict      | ``
            """)
    void areToldByTheBody(String body, String code, String text) throws Exception {
        backEnd.answers(409, "application/problem+json", body);
        RefusedException refusal = refusal(forwarder);
        assertThat(refusal.code()).isEqualTo(code);
        assertThat(refusal).hasMessage(text);
        assertThat(log.lines()).isEmpty();
    }

    @Test
    void haveATextOfBoundedLength() throws Exception {
        backEnd.answers(400, "application/json", "{\"detail\": \"" + "x".repeat(2_000) + "\"}");
        assertThat(refusal(forwarder)).hasMessage("x".repeat(500));
    }

    // ---- Without an answer ----

    @Test
    void whoIsNotThereHasNotHeard() throws Exception {
        backEnd.close();
        assertThat(refusal(forwarder).code()).isEqualTo("unavailable");
        assertThat(log.lines())
                .containsExactly("WARNING a request that http://127.0.0.1:" + backEnd.port()
                        + "/hook was to answer failed: it can't be connected to");
    }

    @Test
    void whoIsTooSlowMayHaveHeard() throws Exception {
        backEnd.saysNothing();
        assertThat(refusal(forwarder(backEnd.url(), Duration.ofMillis(200))).code())
                .isEqualTo("timeout");
        assertThat(log.lines()).singleElement().asString().endsWith("no answer in 200 ms");
    }

    @Test
    void whoHangsUpMayHaveHeard() throws Exception {
        backEnd.answersBy((told, exchange) -> exchange.close());
        assertThat(refusal(forwarder).code()).isEqualTo("unknown");
        assertThat(backEnd.told()).as("not asked again").hasSize(1);
    }

    @Test
    void anAnswerThatIsTooLargeIsNotRead() throws Exception {
        backEnd.answers(200, "text/plain", "x".repeat(Forwarder.MAX_ANSWER_BYTES + 1));
        assertThat(refusal(forwarder).code()).isEqualTo("unknown");
        assertThat(log.lines()).singleElement().asString().endsWith("it has more than 1000000 bytes");
    }

    @Test
    void areNotTooManyAtATime() throws Exception {
        CountDownLatch latch = new CountDownLatch(1);
        backEnd.answersBy((told, exchange) -> {
            latch.await();
            exchange.getResponseHeaders().set("Connection", "close"); // else it would close some of so many by itself
            exchange.sendResponseHeaders(204, -1);
        });
        List<CompletionStage<Payload>> answers = new ArrayList<>();
        for (int i = 0; i < Forwarder.PARALLEL; i++) {
            answers.add(ask(forwarder, Payload.text("tea " + i)));
        }
        assertThatThrownBy(() -> ask(forwarder, Payload.NONE))
                .isInstanceOfSatisfying(RefusedException.class, refusal -> assertThat(refusal.code())
                        .isEqualTo("unavailable"));
        Await.until("all are there", () -> backEnd.told().size() == Forwarder.PARALLEL);
        latch.countDown();
        for (CompletionStage<Payload> answer : answers) {
            answer.toCompletableFuture().get(20, TimeUnit.SECONDS);
        }
        assertThat(answer(Payload.NONE)).isEqualTo(Payload.NONE);
        assertThat(log.lines()).singleElement().asString().endsWith("too many requests are under way");
    }

    @Test
    void areRefusedWhenItIsOver() throws Exception {
        poster.close();
        assertThat(refusal(forwarder).code()).isEqualTo("unavailable");
    }
}
