package dev.bowline.cli.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bowline.realtime.Hub;
import dev.bowline.realtime.RefusedException;
import dev.bowline.redis.RedisEngine;
import dev.bowline.redis.RedisOptions;
import dev.bowline.session.server.Identity;
import dev.bowline.testkit.CapturedLog;
import dev.bowline.testkit.ManualClock;
import dev.bowline.testkit.RedisProcess;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.keys.HmacKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class TicketsTest {
    private static final Instant NOW = Instant.parse("2026-05-01T12:00:00.500Z");
    private static final Duration SKEW = Duration.ofSeconds(5);

    private final CapturedLog log = CapturedLog.of(TokenAuthenticator.class);
    private final Map<String, Duration> used = new HashMap<>();
    private Instant now = NOW;
    private final Tickets tickets = tickets(TestKeys.SECRET, this::once);
    private final TokenKey same = TokenKey.toVerify(null, TokenAlgorithm.HS256, TestKeys.SECRET);
    private final TokenAuthenticator authenticator =
            new TokenAuthenticator(TokenOptions.DEFAULT.withKeys(List.of(same)), tickets, () -> now, new ManualClock());

    private Tickets tickets(byte[] secret, Tickets.Uses uses) {
        return new Tickets(secret, SKEW, uses, () -> now);
    }

    private CompletionStage<Boolean> once(String key, Duration ttl) {
        return CompletableFuture.completedFuture(used.putIfAbsent(key, ttl) == null);
    }

    @AfterEach
    void close() {
        log.close();
        authenticator.close();
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private void refused(TokenAuthenticator by, String ticket, String reason) {
        assertThatThrownBy(() -> get(by.authenticate(ticket)))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(RefusedException.class, refusal -> {
                    assertThat(refusal.code()).isEqualTo("unauthorized");
                    assertThat(refusal.getMessage()).isEmpty();
                });
        assertThat(log.lines()).endsWith("INFO a token was refused: " + reason);
        assertThat(log.lines().toString()).doesNotContain(ticket);
    }

    private void refused(String ticket, String reason) {
        refused(authenticator, ticket, reason);
    }

    @Test
    void letAUserInOnce() throws Exception {
        String ticket = tickets.issue("ada", Map.of("rights", "subscribe=>", "room", "é 7"));
        assertThat(ticket).matches("[\\x21-\\x7e]+");
        now = NOW.plusSeconds(20);
        assertThat(get(authenticator.authenticate(ticket)))
                .isEqualTo(new Identity("ada", 3_600_000, Map.of("rights", "subscribe=>", "room", "é 7")));
        assertThat(log.lines()).isEmpty();
        refused(ticket, "it is a ticket that was used before; user ada");
    }

    @Test
    void sayHowLongTheSessionHolds() throws Exception {
        String ticket = tickets.issue("ada", Map.of(), Duration.ofMinutes(5), Duration.ofDays(3));
        assertThat(get(authenticator.authenticate(ticket)))
                .isEqualTo(new Identity("ada", Duration.ofDays(3).toMillis()));
    }

    @Test
    void areKeptInMindForAsLongAsAnyNodeWouldTakeThem() throws Exception {
        get(authenticator.authenticate(tickets.issue("ada", Map.of())));
        // Its 30 s, which began with the second; thrice the difference of clocks; and a second for what rounding cuts
        // off.
        assertThat(used.values()).containsExactly(Duration.ofMillis(29_500 + 15_000 + 1_000));
        assertThat(used.keySet()).allMatch(key -> key.matches("ticket:[A-Za-z0-9_-]{22}"));
    }

    @Test
    void expire() throws Exception {
        String first = tickets.issue("ada", Map.of());
        String second = tickets.issue("ada", Map.of());
        now = NOW.plusMillis(34_499);
        assertThat(get(authenticator.authenticate(first)).user()).isEqualTo("ada");
        now = NOW.plusMillis(34_500);
        refused(second, "it has expired; user \"ada\"");
        assertThat(used).hasSize(1);
    }

    @Test
    void areOfTheirOwnKey() {
        refused(
                tickets("another secret, and long enough too".getBytes(StandardCharsets.US_ASCII), this::once)
                        .issue("ada", Map.of()),
                "its signature is not by that key");
        assertThat(used).isEmpty();
    }

    @Test
    void areNotGoodWhereNoneAreGivenOut() {
        try (TokenAuthenticator without = new TokenAuthenticator(
                TokenOptions.DEFAULT.withKeys(List.of(same)), null, () -> now, new ManualClock())) {
            refused(without, tickets.issue("ada", Map.of()), "it is a ticket, and none are given out");
        }
    }

    /** The secret is that of the server's tokens, too: what is one is never the other. */
    @Test
    void areNoTokensNorTokensTickets() {
        String ticket = tickets.issue("ada", Map.of());
        String asToken = ticket.substring(ticket.indexOf('.'));
        String header = java.util.Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString("{\"alg\":\"HS256\",\"typ\":\"JWT\"}".getBytes(StandardCharsets.US_ASCII));
        refused(header + asToken, "its signature is not by that key");

        JwtClaims claims = new JwtClaims();
        claims.setSubject("ada");
        claims.setJwtId("1");
        claims.setAudience(Tickets.AUDIENCE);
        claims.setExpirationTime(NumericDate.fromSeconds(NOW.getEpochSecond() + 60));
        refused(Jwts.sign(claims, same, Tickets.TYPE), "its signature is not by that key");
        refused(Jwts.sign(claims, same, "JWT"), "it is for another audience (aud); user \"ada\"");
        refused(
                TestKeys.sign(claims, "HS256", new HmacKey(TestKeys.SECRET), null),
                "it is for another audience (aud); user \"ada\"");
    }

    @Test
    void holdNothingThatASessionCanNotHave() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tickets.issue("Ada Lovelace", Map.of()))
                .withMessageStartingWith("user is \"Ada Lovelace\"");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tickets.issue("ada", Map.of("a", "b".repeat(4_096))))
                .withMessageStartingWith("attributes are 4097 bytes");
        assertThatIllegalArgumentException()
                .as("each of which takes six characters")
                .isThrownBy(() -> tickets.issue("ada", Map.of("a", "\u0001".repeat(4_000))))
                .withMessageEndingWith(" characters, must have at most 16384");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tickets.issue("ada", Map.of("rights", "everything")))
                .withMessageStartingWith("rights are \"everything\", must be like subscribe=chat.>,news");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tickets.issue("ada", Map.of(), Duration.ofMinutes(6), Duration.ofHours(1)))
                .withMessage("ttl is PT6M, must be 1 s to 5 min");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tickets.issue("ada", Map.of(), Duration.ofMillis(999), Duration.ofHours(1)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tickets.issue("ada", Map.of(), Duration.ofMinutes(1), Duration.ZERO))
                .withMessage("sessionTtl is PT0S, must be at least 1 s");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Tickets(new byte[31], SKEW, this::once))
                .withMessage("the secret of tickets has 31 bytes, must have at least 32");
    }

    @Test
    void areForLaterWhileNobodyKnowsWhatWasUsed() {
        Tickets away = tickets(
                TestKeys.SECRET,
                (key, ttl) -> CompletableFuture.failedFuture(
                        new RefusedException("timeout", "no answer from Redis in time")));
        try (TokenAuthenticator unsure =
                new TokenAuthenticator(TokenOptions.DEFAULT, away, () -> now, new ManualClock())) {
            assertThatThrownBy(() -> get(unsure.authenticate(away.issue("ada", Map.of()))))
                    .cause()
                    .isInstanceOfSatisfying(RefusedException.class, refusal -> assertThat(refusal.code())
                            .isEqualTo("unavailable"));
        }
        assertThat(log.lines())
                .containsExactly(
                        "INFO a token was refused: whether it is good can't be known now, as no answer from Redis"
                                + " in time");
    }

    // ---- Used by many at once ----

    /** Every ticket is used by all hubs at once, some times over: it lets one in. */
    private static void useEachByAll(Hub... hubs) throws Exception {
        byte[] secret = Tickets.newSecret();
        List<Tickets> nodes = new ArrayList<>();
        for (Hub hub : hubs) {
            nodes.add(new Tickets(secret, SKEW, hub::once));
        }
        for (int i = 0; i < 50; i++) {
            String ticket = nodes.get(0).issue("ada", Map.of());
            List<CompletableFuture<Identity>> uses = new ArrayList<>();
            for (int use = 0; use < 6; use++) {
                Tickets node = nodes.get(use % nodes.size());
                uses.add(CompletableFuture.supplyAsync(() -> node.use(ticket)).thenCompose(stage -> stage));
            }
            int let = 0;
            for (CompletableFuture<Identity> use : uses) {
                try {
                    assertThat(get(use).user()).isEqualTo("ada");
                    let++;
                } catch (ExecutionException e) {
                    assertThat(e.getCause()).isInstanceOf(RefusedToken.class);
                }
            }
            assertThat(let).as("ticket %d", i).isEqualTo(1);
        }
    }

    @Test
    void letOneInOfManyInOneProcess() throws Exception {
        try (Hub hub = Hub.builder().build()) {
            useEachByAll(hub);
        }
    }

    @Test
    @Tag("once")
    void letOneInOfManyOnManyNodes() throws Exception {
        try (RedisProcess redis = RedisProcess.launch();
                RedisEngine first = new RedisEngine(RedisOptions.of(redis.uri()));
                RedisEngine second = new RedisEngine(RedisOptions.of(redis.uri()));
                Hub a = Hub.builder().engine(first).build();
                Hub b = Hub.builder().engine(second).build()) {
            useEachByAll(a, b);
        }
    }
}
