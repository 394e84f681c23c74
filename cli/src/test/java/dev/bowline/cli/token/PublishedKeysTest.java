package dev.bowline.cli.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bowline.testkit.Await;
import dev.bowline.testkit.CapturedLog;
import dev.bowline.testkit.ManualClock;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PublishedKeysTest {
    private static final Duration CACHE = Duration.ofMinutes(10);
    private static final String A = TestKeys.jwks(TestKeys.jwk(TestKeys.RSA, "a"));
    private static final String A_AND_B =
            TestKeys.jwks(TestKeys.jwk(TestKeys.RSA, "a"), TestKeys.jwk(TestKeys.P256, "b"));

    private final JwksServer server = new JwksServer();
    private final CapturedLog log = CapturedLog.of(PublishedKeys.class);
    private final ManualClock clock = new ManualClock();
    private final PublishedKeys keys = new PublishedKeys(server.uri(), CACHE, Duration.ofSeconds(10), clock);

    @AfterEach
    void close() {
        keys.close();
        server.close();
        log.close();
    }

    private static List<String> ids(PublishedKeys from, @Nullable String id) {
        try {
            return from.with(id).toCompletableFuture().get(20, TimeUnit.SECONDS).stream()
                    .map(key -> String.valueOf(key.id()))
                    .toList();
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    private List<String> ids(@Nullable String id) {
        return ids(keys, id);
    }

    private static void fails(PublishedKeys from, @Nullable String id, String reason) {
        assertThatThrownBy(() -> from.with(id).toCompletableFuture().get(20, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining(reason);
    }

    // ---- How long they are good ----

    @Test
    void areAskedForWhenTheyAreNeededAndThenNotForAWhile() {
        assertThat(server.asked()).isZero();
        server.answers(200, A);
        assertThat(ids("a")).containsExactly("a");
        assertThat(ids(null)).containsExactly("a");
        clock.advance(CACHE.multipliedBy(7).dividedBy(10));
        assertThat(ids("a")).containsExactly("a");
        assertThat(server.asked()).isEqualTo(1);
    }

    @Test
    void areAskedForOnceByAllWhoWait() {
        CountDownLatch asked = new CountDownLatch(1);
        server.answersAfter(asked, A);
        List<CompletableFuture<List<TokenKey>>> waiting = List.of(
                keys.with("a").toCompletableFuture(),
                keys.with("a").toCompletableFuture(),
                keys.with(null).toCompletableFuture());
        assertThat(waiting).noneMatch(CompletableFuture::isDone); // and nobody is held up
        asked.countDown();
        waiting.forEach(one -> assertThat(one.join()).hasSize(1));
        assertThat(server.asked()).isEqualTo(1);
    }

    @Test
    void areRefreshedBeforeAnybodyMustWait() {
        server.answers(200, A);
        ids("a");
        CountDownLatch asked = new CountDownLatch(1);
        server.answersAfter(asked, A_AND_B);
        clock.advance(CACHE.multipliedBy(9).dividedBy(10));
        assertThat(ids("a")).containsExactly("a");
        asked.countDown();
        Await.until("the new ones are there", () -> ids("a").size() == 2);
        assertThat(server.asked()).isEqualTo(2);
    }

    @Test
    void thatWereTakenBackAreNotTakenWhenTheirTimeIsOver() {
        server.answers(200, A_AND_B);
        assertThat(ids("b")).containsExactly("a", "b");
        server.answers(200, A);
        clock.advance(CACHE);
        assertThat(ids("b")).as("waits for those that are good now").containsExactly("a");
    }

    @Test
    void thatAreNewAreFoundAtOnceButNotLookedForAllTheTime() {
        server.answers(200, A);
        assertThat(ids("a")).containsExactly("a");
        server.answers(200, A_AND_B);
        fails(keys, "b", "asked for a moment ago");
        clock.advance(Duration.ofSeconds(30));
        assertThat(ids("b")).containsExactly("a", "b");
        clock.advance(Duration.ofSeconds(30));
        assertThat(ids("c")).as("it is certain that there is none").containsExactly("a", "b");
        for (int i = 0; i < 100; i++) {
            fails(keys, "d" + i, "asked for a moment ago");
        }
        assertThat(server.asked()).isEqualTo(3);
        assertThat(log.lines()).isEmpty();
    }

    // ---- When they can't be had ----

    @Test
    void areGoodOnWhileTheirPlaceIsBroken() {
        server.answers(200, A);
        ids("a");
        server.answers(503, A);
        clock.advance(CACHE);
        assertThat(ids("a")).containsExactly("a");
        clock.advance(CACHE);
        assertThat(ids("a")).as("nobody waits for what failed before").containsExactly("a");
        Await.until("it was asked again", () -> server.asked() == 3);
        String place = "http://127.0.0.1:" + server.uri().getPort() + "/keys";
        assertThat(log.lines())
                .containsExactly("WARNING the keys of tokens can't be had from " + place
                        + ": its status is 503; those from before are good on: 1");
        server.answers(200, A_AND_B);
        clock.advance(Duration.ofSeconds(30));
        Await.until("they are there again", () -> ids("a").size() == 2);
        assertThat(log.lines()).hasSize(2).endsWith("INFO the keys of tokens can be had again from " + place);
    }

    @Test
    void mayBePublishedWhileNobodyCanSaySo() {
        server.answers(200, A);
        ids("a");
        server.answers(500, "");
        clock.advance(Duration.ofSeconds(30));
        fails(keys, "b", "its status is 500");
        fails(keys, "b", "asked for a moment ago");
        assertThat(ids("a")).containsExactly("a");
    }

    private void cantBeHad(String reason) {
        fails(keys, "a", reason);
        assertThat(log.lines()).hasSize(1);
        assertThat(log.lines().get(0))
                .contains(reason)
                .endsWith("; there are none")
                .doesNotContain("hidden");
    }

    @Test
    void areNoHugeDocument() {
        server.answersWithoutEnd();
        cantBeHad("it has more than " + PublishedKeys.MAX_BYTES + " bytes");
    }

    @Test
    void areAsLargeADocumentAsIsAllowed() {
        server.answers(200, A + " ".repeat(PublishedKeys.MAX_BYTES - A.length()));
        assertThat(ids("a")).containsExactly("a");
    }

    @Test
    void areNotWaitedForForEver() {
        server.answersSlowly();
        try (PublishedKeys impatient = new PublishedKeys(server.uri(), CACHE, Duration.ofMillis(300), clock)) {
            fails(impatient, "a", "no answer in 300 ms");
        }
        assertThat(log.lines()).hasSize(1);
    }

    @Test
    void areNotSomewhereElse() {
        server.answers(302, "");
        cantBeHad("its status is 302");
    }

    @Test
    void areNotAtAServerThatIsAway() {
        server.close();
        fails(keys, "a", "ConnectException");
    }

    @Test
    void areAJwkSet() {
        server.answers(200, "<html>");
        cantBeHad("it is no JWK Set");
    }

    @Test
    void areAJwkSetOfObjects() {
        server.answers(200, "{\"keys\":[5]}");
        fails(keys, "a", "it ");
    }

    @Test
    void areThoseThatSignTokens() throws JoseException {
        KeyPair pair = TestKeys.RSA;
        JsonWebKey encrypts = TestKeys.jwk(pair, "encrypts");
        encrypts.setUse("enc");
        JsonWebKey other = TestKeys.jwk(pair, "other");
        other.setAlgorithm("PS512");
        JsonWebKey mismatched = TestKeys.jwk(pair, "mismatched");
        mismatched.setAlgorithm("ES256");
        JsonWebKey secret = JsonWebKey.Factory.newJwk(new HmacKey(TestKeys.SECRET));
        secret.setKeyId("secret");
        JsonWebKey small = TestKeys.jwk(TestKeys.SMALL_RSA, "small");
        server.answers(200, TestKeys.jwks(encrypts, other, mismatched, secret, small));
        cantBeHad("it holds no key for RS256, ES256 or EdDSA");
        JsonWebKey good = TestKeys.jwk(pair, "good");
        good.setUse("sig");
        good.setAlgorithm("RS256");
        String all = TestKeys.jwks(
                encrypts,
                other,
                secret,
                good,
                TestKeys.jwk(TestKeys.P256, "p256"),
                TestKeys.jwk(TestKeys.P384, "p384"),
                TestKeys.jwk(TestKeys.ED25519, "ed"));
        server.answers(200, all.replace("{\"keys\":[", "{\"keys\":[{\"kty\":\"new\",\"kid\":\"x\"},"));
        clock.advance(Duration.ofSeconds(30));
        assertThat(ids("good")).containsExactly("good", "p256", "ed");
    }
}
