package dev.bowline.cli.hook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.testkit.Await;
import dev.bowline.testkit.CapturedLog;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Waits have no chance in them here: each is the shortest that it may be, half a second at first. */
class HookQueueTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final long MANY_BYTES = 1 << 20;

    private final BackEnd backEnd = new BackEnd();
    private final ManualTimer timer = new ManualTimer();
    private final Poster poster = new Poster(timer);
    private final CapturedLog log = CapturedLog.of(HookQueue.class);
    private final String shown = "http://127.0.0.1:" + backEnd.port() + "/hook";

    @AfterEach
    void close() {
        poster.close();
        backEnd.close();
        log.close();
        assertThat(backEnd.wrong()).isEmpty();
        assertThat(log.lines()).noneMatch(line -> line.contains("hidden") || line.contains(BackEnd.SECRET));
    }

    private HookQueue queue() {
        return queue(100, MANY_BYTES);
    }

    private HookQueue queue(int maxQueued, long maxBytes) {
        return queue(backEnd.url(), TIMEOUT, maxQueued, maxBytes);
    }

    private HookQueue queue(URI url, Duration timeout, int maxQueued, long maxBytes) {
        Target target = new Target(url, SigningSecret.of(BackEnd.SECRET), timeout);
        Set<EventType> events = Set.of(EventType.SESSION_ENDED);
        HookOptions options = new HookOptions(target, events, maxQueued, maxBytes, Duration.ofMinutes(10));
        return new HookQueue(options, poster, timer, () -> 0L);
    }

    /** Offers an event; its id begins with its key. */
    private static void offer(HookQueue queue, String... ids) {
        for (String id : ids) {
            queue.offer(
                    id.substring(0, 1),
                    id,
                    EventType.SESSION_ENDED,
                    ("{\"" + id + "\":1}").getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void awaitDelivered(HookQueue queue, long count) {
        Await.untilEquals("delivered", queue::delivered, count);
    }

    private void awaitWaiting(int count) {
        Await.untilEquals("waiting", timer::waiting, count);
    }

    // ---- What works ----

    @Test
    void eventsAreToldSigned() {
        HookQueue queue = queue();
        offer(queue, "a1");
        awaitDelivered(queue, 1);
        String seconds = Long.toString(timer.now().getEpochSecond());
        assertThat(backEnd.told()).containsExactly(new BackEnd.Told("a1", seconds, "application/json", "{\"a1\":1}"));
        assertThat(queue.queued()).isZero();
        assertThat(timer.waiting()).isZero();
        assertThat(log.lines()).isEmpty();
    }

    @Test
    void thoseOfDifferentKeysGoSideBySideAndNotTooMany() {
        CountDownLatch latch = new CountDownLatch(1);
        backEnd.answersAfter(latch);
        HookQueue queue = queue();
        for (int i = 0; i < HookQueue.PARALLEL + 8; i++) {
            offer(queue, Character.toString('A' + i) + i);
        }
        Await.until("as many as may be", () -> backEnd.told().size() == HookQueue.PARALLEL);
        assertThat(queue.queued()).isEqualTo(HookQueue.PARALLEL + 8);
        assertThat(backEnd.told()).hasSize(HookQueue.PARALLEL);
        latch.countDown();
        awaitDelivered(queue, HookQueue.PARALLEL + 8);
    }

    // ---- What fails ----

    @Test
    void whatFailsIsTriedAgainAfterLongerAndLongerWaits() {
        backEnd.answers(500);
        HookQueue queue = queue();
        offer(queue, "a1");
        int attempts = 1;
        for (long millis : List.of(500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000)) {
            awaitWaiting(1);
            timer.advance(Duration.ofMillis(millis - 1));
            assertThat(timer.waiting()).isEqualTo(1);
            assertThat(backEnd.told()).hasSize(attempts);
            timer.advance(Duration.ofMillis(1));
            attempts++;
            Await.untilEquals("tried again", () -> backEnd.told().size(), attempts);
        }
        awaitWaiting(1);
        backEnd.answers(200);
        timer.advanceToNext();
        awaitDelivered(queue, 1);
        assertThat(backEnd.ids()).hasSize(10).containsOnly("a1");
        assertThat(queue.retries()).isEqualTo(9);
        assertThat(log.lines())
                .containsExactly(
                        "WARNING the webhook " + shown + " fails: its status is 500; it is tried again",
                        "WARNING the webhook " + shown
                                + " fails: its status is 500; it is tried again (and 6 more since the last such line)",
                        "INFO the webhook " + shown + " can be reached again");
    }

    @Test
    void whoIsNotThereIsTriedAgain() {
        BackEnd gone = new BackEnd();
        int port = gone.port();
        gone.close();
        HookQueue queue = queue(gone.url(), TIMEOUT, 100, MANY_BYTES);
        offer(queue, "a1");
        awaitWaiting(1);
        assertThat(log.lines()).singleElement().asString().contains("it can't be connected to; it is tried again");
        try (BackEnd back = new BackEnd(port)) {
            timer.advanceToNext();
            awaitDelivered(queue, 1);
            assertThat(back.ids()).containsExactly("a1");
        }
    }

    @Test
    void whoSaysNothingIsTriedAgain() {
        backEnd.saysNothing();
        HookQueue queue = queue(backEnd.url(), Duration.ofMillis(200), 100, MANY_BYTES);
        offer(queue, "a1");
        awaitWaiting(1);
        assertThat(log.lines()).singleElement().asString().contains("no answer in 200 ms; it is tried again");
        assertThat(queue.queued()).isEqualTo(1);
    }

    @Test
    void theNextOfAKeyWaitsAndThoseOfOthersDoNot() {
        backEnd.answersBy((told, exchange) -> {
            boolean fails = told.id().equals("a1")
                    && backEnd.ids().stream().filter("a1"::equals).count() == 1;
            exchange.sendResponseHeaders(fails ? 503 : 204, -1);
        });
        HookQueue queue = queue();
        offer(queue, "a1", "a2", "b1", "a3", "b2");
        awaitDelivered(queue, 2);
        awaitWaiting(1);
        assertThat(backEnd.ids()).containsExactlyInAnyOrder("a1", "b1", "b2").containsSubsequence("b1", "b2");
        timer.advanceToNext();
        awaitDelivered(queue, 5);
        assertThat(backEnd.ids()).containsSubsequence("a1", "a1", "a2", "a3").hasSize(6);
    }

    @Test
    void whatIsRefusedIsGivenUpAtOnce() {
        backEnd.answersBy(
                (told, exchange) -> exchange.sendResponseHeaders(told.id().equals("a1") ? 400 : 204, -1));
        HookQueue queue = queue();
        offer(queue, "a1", "a2");
        awaitDelivered(queue, 1);
        Await.untilEquals("given up", queue::givenUp, 1L);
        assertThat(backEnd.ids()).containsExactly("a1", "a2");
        assertThat(log.lines())
                .containsExactly("WARNING an event for the webhook " + shown
                        + " was given up, session-ended a1: its status is 400");
    }

    @Test
    void aRedirectionIsNotFollowed() {
        backEnd.answersBy((told, exchange) -> {
            exchange.getResponseHeaders().set("Location", "/elsewhere");
            exchange.sendResponseHeaders(308, -1);
        });
        HookQueue queue = queue();
        offer(queue, "a1");
        Await.untilEquals("given up", queue::givenUp, 1L);
        assertThat(backEnd.told()).hasSize(1);
    }

    @Test
    void whatIsTooOldIsGivenUp() {
        backEnd.answers(503);
        HookQueue queue = queue();
        offer(queue, "a1", "a2");
        while (queue.givenUp() == 0) {
            Await.until("waits, or is given up", () -> timer.waiting() == 1 || queue.givenUp() > 0);
            if (queue.givenUp() == 0) {
                timer.advanceToNext();
            }
        }
        assertThat(timer.elapsed()).isEqualTo(Duration.ofMinutes(10));
        Await.untilEquals("as old, and tried once", queue::givenUp, 2L);
        assertThat(backEnd.ids().stream().filter("a2"::equals)).hasSize(1);
        assertThat(queue.queued()).isZero();
        assertThat(log.lines())
                .contains("WARNING an event for the webhook " + shown
                        + " was given up, session-ended a1: its status is 503, and it is too old");
    }

    // ---- Who wants to be left alone ----

    private void answersRetryAfter(String value) {
        backEnd.answersBy((told, exchange) -> {
            exchange.getResponseHeaders().set("Retry-After", value);
            exchange.sendResponseHeaders(429, -1);
        });
    }

    private void assertLeftAloneFor(Duration time, String retryAfter) {
        answersRetryAfter(retryAfter);
        HookQueue queue = queue();
        offer(queue, "a1");
        awaitWaiting(2); // its turn, and the end of the pause
        backEnd.answers(204);
        offer(queue, "b1");
        timer.advance(time.minusMillis(1));
        assertThat(timer.waiting()).isEqualTo(1);
        assertThat(backEnd.ids()).containsExactly("a1");
        timer.advance(Duration.ofMillis(1));
        awaitDelivered(queue, 2);
        assertThat(backEnd.ids()).containsExactlyInAnyOrder("a1", "a1", "b1");
    }

    @Test
    void whoWantsToBeLeftAloneIsAsLongAsThatTakes() {
        assertLeftAloneFor(Duration.ofSeconds(30), "30");
    }

    @Test
    void whoNamesATimeIsLeftAloneUntilThen() {
        assertLeftAloneFor(
                Duration.ofSeconds(90),
                DateTimeFormatter.RFC_1123_DATE_TIME.format(
                        timer.now().plusSeconds(90).atOffset(ZoneOffset.UTC)));
    }

    @Test
    void nobodyIsLeftAloneForEver() {
        assertLeftAloneFor(HookQueue.LONGEST_PAUSE, "86400");
    }

    @Test
    void whatIsNoTimeIsNotHeeded() {
        for (String value : List.of("soon", "-1", "Fri, 01 May 2026 11:00:00 GMT", "Mon, 01 Jan 0001 00:00:00 GMT")) {
            answersRetryAfter(value);
            HookQueue queue = queue();
            offer(queue, "a1");
            awaitWaiting(1);
            backEnd.answers(204);
            timer.advanceToNext();
            awaitDelivered(queue, 1);
        }
    }

    // ---- What is too much ----

    @Test
    void whatHasNoRoomIsDropped() {
        CountDownLatch latch = new CountDownLatch(1);
        backEnd.answersAfter(latch);
        HookQueue queue = queue(3, MANY_BYTES);
        offer(queue, "a1", "a2", "b1", "b2", "c1");
        assertThat(queue.dropped()).isEqualTo(2);
        assertThat(queue.hasRoom()).isFalse();
        assertThat(queue.dropped()).isEqualTo(3);
        timer.advance(Duration.ofMinutes(1));
        offer(queue, "d1");
        latch.countDown();
        awaitDelivered(queue, 3);
        assertThat(backEnd.ids()).containsExactlyInAnyOrder("a1", "a2", "b1");
        assertThat(queue.hasRoom()).isTrue();
        String line = "WARNING there is no room for an event for the webhook " + shown + "; it is dropped";
        assertThat(log.lines()).containsExactly(line, line + " (and 2 more since the last such line)");
    }

    @Test
    void bytesAreBoundedToo() {
        HookQueue queue = queue(100, 15); // an event has 8
        CountDownLatch latch = new CountDownLatch(1);
        backEnd.answersAfter(latch);
        offer(queue, "a1", "b1");
        assertThat(queue.dropped()).isEqualTo(1);
        latch.countDown();
        awaitDelivered(queue, 1);
        offer(queue, "c1");
        awaitDelivered(queue, 2);
    }

    // ---- The end ----

    private static void end(HookQueue queue, Duration atMost) throws InterruptedException {
        queue.stop();
        queue.close(System.nanoTime() + atMost.toNanos());
    }

    @Test
    void theEndWaitsForWhatCanBeToldAtOnce() throws Exception {
        HookQueue queue = queue(1_000, MANY_BYTES);
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            ids.add(Character.toString('A' + i % 50) + i);
        }
        offer(queue, ids.toArray(String[]::new));
        end(queue, Duration.ofSeconds(20));
        awaitDelivered(queue, 200);
        assertThat(log.lines()).isEmpty();
        offer(queue, "a1");
        assertThat(queue.dropped()).isEqualTo(1);
    }

    @Test
    void theEndDoesNotWaitForWhatIsToBeTriedAgain() throws Exception {
        backEnd.answers(500);
        HookQueue queue = queue();
        offer(queue, "a1", "a2");
        awaitWaiting(1);
        end(queue, Duration.ofDays(1));
        assertThat(log.lines())
                .last()
                .isEqualTo("WARNING 2 events are left that the webhook " + shown + " was not told");
        timer.advanceToNext();
        assertThat(backEnd.ids()).containsExactly("a1");
    }

    @Test
    void theEndDoesNotWaitForEver() throws Exception {
        backEnd.saysNothing();
        HookQueue queue = queue();
        offer(queue, "a1");
        Await.until("told", () -> backEnd.told().size() == 1);
        end(queue, Duration.ofMillis(50));
        assertThat(log.lines()).containsExactly("WARNING 1 event is left that the webhook " + shown + " was not told");
    }
}
