package dev.bowline.cli.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.bowline.realtime.RefusedException;
import dev.bowline.session.server.Action;
import dev.bowline.session.server.Identity;
import dev.bowline.testkit.CapturedLog;
import dev.bowline.testkit.ManualClock;
import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenAuthenticatorTest {
    private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");
    private static final Key SECRET = new HmacKey(TestKeys.SECRET);
    private static final TokenKey HS256 = TokenKey.toVerify("hs", TokenAlgorithm.HS256, TestKeys.SECRET);
    private static final TokenKey RS256 = verifying("rs", TokenAlgorithm.RS256, TestKeys.RSA);

    private final CapturedLog log = CapturedLog.of(TokenAuthenticator.class);
    private final ManualClock nanoTime = new ManualClock();
    private final List<TokenAuthenticator> opened = new ArrayList<>();
    private Instant now = NOW;
    private TokenAuthenticator authenticator = of(TokenOptions.DEFAULT.withKeys(List.of(HS256, RS256)));

    private static TokenKey verifying(@Nullable String id, TokenAlgorithm algorithm, KeyPair pair) {
        return TokenKey.toVerify(id, algorithm, TestKeys.pem(pair.getPublic()));
    }

    private TokenAuthenticator of(TokenOptions options) {
        TokenAuthenticator made = new TokenAuthenticator(options, null, () -> now, nanoTime);
        opened.add(made);
        return made;
    }

    @AfterEach
    void close() {
        log.close();
        opened.forEach(TokenAuthenticator::close);
    }

    /** The claims of a token of ada's that is valid for a minute, and what a test makes of them. */
    private static JwtClaims claims(Consumer<JwtClaims> change) {
        JwtClaims claims = new JwtClaims();
        claims.setSubject("ada");
        claims.setExpirationTime(NumericDate.fromSeconds(NOW.getEpochSecond() + 60));
        change.accept(claims);
        return claims;
    }

    private static String token(Consumer<JwtClaims> change) {
        return TestKeys.sign(claims(change), "HS256", SECRET, "hs");
    }

    private static String token() {
        return token(claims -> {});
    }

    private Identity accepted(@Nullable String token) {
        Identity identity =
                authenticator.authenticate(token).toCompletableFuture().join();
        assertThat(log.lines()).isEmpty();
        return identity;
    }

    /** Refuses it with a code for the client and nothing else; the reason is in the log, and the token is not. */
    private void refused(@Nullable String token, String reason) {
        int before = log.lines().size();
        try {
            Identity identity =
                    authenticator.authenticate(token).toCompletableFuture().join();
            throw new AssertionError("let in as " + identity);
        } catch (CompletionException e) {
            assertThat(e.getCause()).isInstanceOfSatisfying(RefusedException.class, refusal -> {
                assertThat(refusal.code()).isEqualTo("unauthorized");
                assertThat(refusal.getMessage()).isEmpty();
            });
        }
        List<String> lines = log.lines().subList(before, log.lines().size());
        assertThat(lines).containsExactly("INFO a token was refused: " + reason);
        for (String part : token == null ? new String[0] : token.split("\\.", -1)) {
            assertThat(part.length() > 10 ? lines.get(0) : "").doesNotContain(part.isEmpty() ? "-----" : part);
        }
        assertThat(lines.get(0)).doesNotContain(new String(TestKeys.SECRET, StandardCharsets.US_ASCII));
    }

    // ---- Who comes in ----

    @ParameterizedTest
    @EnumSource
    void letsInByAKeyOfEveryAlgorithm(TokenAlgorithm algorithm) {
        byte[] signing =
                switch (algorithm) {
                    case HS256 -> TestKeys.SECRET;
                    case RS256 -> TestKeys.pem(TestKeys.RSA.getPrivate());
                    case ES256 -> TestKeys.pem(TestKeys.P256.getPrivate());
                    case EDDSA -> TestKeys.pem(TestKeys.ED25519.getPrivate());
                };
        List<TokenKey> keys = List.of(
                HS256,
                RS256,
                verifying("es", TokenAlgorithm.ES256, TestKeys.P256),
                verifying("ed", TokenAlgorithm.EDDSA, TestKeys.ED25519));
        authenticator = of(TokenOptions.DEFAULT.withKeys(keys));
        String id = algorithm.jwa().substring(0, 2).toLowerCase(Locale.ROOT);
        List<String> tokens = new ArrayList<>();
        for (String kid : new String[] {id, null}) {
            String token = new TokenIssuer(TokenKey.toSign(kid, signing), () -> now)
                    .issue("ada", Duration.ofMinutes(1), Rights.NONE, List.of(), null);
            assertThat(accepted(token)).isEqualTo(new Identity("ada", 90_000));
            tokens.add(token);
        }
        tokens.forEach(token -> refused(tampered(token), "its signature is not by that key"));
    }

    /** The same with another user. */
    private static String tampered(String token) {
        String[] parts = token.split("\\.", -1);
        String claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
        assertThat(claims).contains("\"ada\"");
        String other = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(claims.replace("\"ada\"", "\"eve\"").getBytes(StandardCharsets.UTF_8));
        return parts[0] + "." + other + "." + parts[2];
    }

    @Test
    void givesTheRightsInTheToken() {
        Rights rights = Rights.of(Map.of(Action.SUBSCRIBE, List.of("chat.>"), Action.PUBLISH, List.of("chat.room1")));
        String token = new TokenIssuer(TokenKey.toSign("hs", TestKeys.SECRET), () -> now)
                .issue("ada", Duration.ofHours(1), rights, List.of(), null);
        assertThat(accepted(token))
                .isEqualTo(new Identity("ada", 3_630_000, Map.of("rights", "subscribe=chat.>;publish=chat.room1")));
    }

    @Test
    void holdsUntilTheTokenExpiresAndTheClocksMayDiffer() {
        now = NOW.plusMillis(40_500);
        assertThat(accepted(token()).validMillis()).isEqualTo(49_500);
        now = NOW.plusMillis(89_999);
        assertThat(accepted(token()).validMillis()).isEqualTo(1);
        now = NOW.plusSeconds(90);
        refused(token(), "it has expired; user \"ada\"");
    }

    @Test
    void holdsForAsLongAsATokenSays() {
        String token = token(claims -> claims.setExpirationTime(NumericDate.fromSeconds(Long.MAX_VALUE / 2)));
        assertThat(accepted(token).validMillis())
                .isGreaterThan(Duration.ofDays(365_000).toMillis());
    }

    @Test
    void allowsForTheClockOfTheIssuer() {
        Consumer<JwtClaims> later = claims -> claims.setNotBefore(NumericDate.fromSeconds(NOW.getEpochSecond() + 31));
        refused(token(later), "it is not valid yet (nbf); user \"ada\"");
        now = NOW.plusSeconds(1);
        authenticator.authenticate(token(later)).toCompletableFuture().join();
        authenticator = of(TokenOptions.DEFAULT.withKeys(List.of(HS256)).withClockSkew(Duration.ZERO));
        refused(token(later), "it is not valid yet (nbf); user \"ada\"");
        now = NOW.plusSeconds(60);
        refused(token(), "it has expired; user \"ada\"");
    }

    @Test
    void letsNobodyInWithoutATokenUnlessToldTo() {
        refused(null, "there is none");
        authenticator = of(TokenOptions.DEFAULT.withKeys(List.of(HS256)).withAnonymous(true));
        assertThat(authenticator.authenticate(null).toCompletableFuture().join())
                .isEqualTo(Identity.ANONYMOUS);
        refused("x", "it is no JWT");
    }

    // ---- Whom a token is for, and of ----

    @Test
    void wantsOneOfTheAudiences() {
        Consumer<JwtClaims> ours = claims -> claims.setAudience("other", "chat");
        refused(token(ours), "it is for another audience (aud); user \"ada\"");
        TokenOptions options = TokenOptions.DEFAULT.withKeys(List.of(HS256)).withAudiences(Set.of("chat", "news"));
        authenticator = of(options);
        authenticator.authenticate(token(ours)).toCompletableFuture().join();
        refused(token(), "it has no audience (aud); user \"ada\"");
        refused(token(claims -> claims.setAudience("mail")), "it is for another audience (aud); user \"ada\"");
    }

    @Test
    void wantsTheIssuer() {
        authenticator = of(TokenOptions.DEFAULT.withKeys(List.of(HS256)).withIssuer("https://id.example"));
        assertThat(accepted(token(claims -> claims.setIssuer("https://id.example")))
                        .user())
                .isEqualTo("ada");
        refused(token(), "it has no issuer (iss); user \"ada\"");
        refused(
                token(claims -> claims.setIssuer("https://id.example/")),
                "it is of another issuer (iss); user \"ada\"");
    }

    // ---- Keys ----

    @Test
    void refusesAnUnknownKey() {
        refused(TestKeys.sign(claims(claims -> {}), "HS256", SECRET, "hs2"), "its key (kid) is unknown: \"hs2\"");
        refused(
                TestKeys.sign(claims(claims -> {}), "HS256", SECRET, "h\ns"),
                "its key (kid) is unknown: not fit to be shown");
        refused(
                TestKeys.sign(claims(claims -> {}), "HS256", new HmacKey(new byte[32]), "hs"),
                "its signature is not by that key");
        authenticator = of(TokenOptions.DEFAULT);
        refused(token(), "its key (kid) is unknown: \"hs\"");
    }

    @Test
    void triesKeysWithoutAnIdButNotManyOfThem() {
        List<TokenKey> keys = new ArrayList<>();
        IntStream.range(0, 7)
                .forEach(i -> keys.add(TokenKey.toVerify(
                        null,
                        TokenAlgorithm.HS256,
                        ("another secret of tests, number " + i).getBytes(StandardCharsets.US_ASCII))));
        keys.add(TokenKey.toVerify(null, TokenAlgorithm.HS256, TestKeys.SECRET));
        authenticator = of(TokenOptions.DEFAULT.withKeys(keys));
        assertThat(accepted(token()).user()).isEqualTo("ada");
        keys.add(TokenKey.toVerify(
                null,
                TokenAlgorithm.HS256,
                "one more secret of tests, for the end".getBytes(StandardCharsets.US_ASCII)));
        authenticator = of(TokenOptions.DEFAULT.withKeys(keys));
        refused(token(), "it does not say by which of 9 keys it was signed (kid)");
    }

    // ---- Algorithms ----

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {"none, hs", "none, rs", "none, -", "None, -", "NONE, hs"})
    void refusesATokenThatIsNotSigned(String algorithm, @Nullable String id) {
        String header = "{\"alg\":\"" + algorithm + "\"" + (id == null ? "" : ",\"kid\":\"" + id + "\"") + "}";
        for (String signature : new String[] {"", token().substring(token().lastIndexOf('.') + 1)}) {
            refused(
                    unsigned(header, claims(claims -> {}).toJson()) + signature,
                    "its algorithm (alg) is not its key's: \"" + algorithm + "\"");
        }
    }

    private static String unsigned(String header, String payload) {
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        return base64.encodeToString(header.getBytes(StandardCharsets.UTF_8)) + "."
                + base64.encodeToString(payload.getBytes(StandardCharsets.UTF_8)) + ".";
    }

    @ParameterizedTest
    @ValueSource(strings = {"rs", ""})
    void takesNoPublicKeyForASecret(String id) {
        byte[] pem = TestKeys.pem(TestKeys.RSA.getPublic());
        byte[] der = TestKeys.RSA.getPublic().getEncoded();
        authenticator = of(TokenOptions.DEFAULT.withKeys(List.of(RS256)));
        for (byte[] secret : List.of(pem, der)) {
            String token = TestKeys.sign(claims(claims -> {}), "HS256", new HmacKey(secret), id.isEmpty() ? null : id);
            refused(token, "its algorithm (alg) is not its key's: \"HS256\"");
        }
        assertThatIllegalArgumentException()
                .as("nor does the server's own configuration")
                .isThrownBy(() -> TokenKey.toVerify("rs", TokenAlgorithm.HS256, pem));
    }

    @Test
    void takesNoSecretForAnotherKey() {
        refused(
                TestKeys.sign(claims(claims -> {}), "HS256", SECRET, "rs"),
                "its algorithm (alg) is not its key's: \"HS256\"");
        refused(
                TestKeys.sign(claims(claims -> {}), "RS256", TestKeys.RSA.getPrivate(), "hs"),
                "its algorithm (alg) is not its key's: \"RS256\"");
        refused(
                TestKeys.sign(claims(claims -> {}), "RS512", TestKeys.RSA.getPrivate(), "rs"),
                "its algorithm (alg) is not its key's: \"RS512\"");
        refused(
                TestKeys.sign(claims(claims -> {}), "PS256", TestKeys.RSA.getPrivate(), null),
                "its algorithm (alg) is not its key's: \"PS256\"");
        refused(
                TestKeys.sign(claims(claims -> {}), "HS512", new HmacKey(new byte[64]), "hs"),
                "its algorithm (alg) is not its key's: \"HS512\"");
    }

    // ---- What else can be wrong ----

    /** A token that nobody should take who does not know a certain header. */
    private static String critical(Object headers) {
        JsonWebSignature signature = new JsonWebSignature();
        signature.setPayload(claims(any -> {}).toJson());
        signature.setAlgorithmHeaderValue("HS256");
        signature.setKeyIdHeaderValue("hs");
        signature.setHeader("crit", headers);
        signature.setHeader("x", 1);
        signature.setKey(SECRET);
        try {
            return signature.getCompactSerialization();
        } catch (JoseException e) {
            throw new AssertionError(e);
        }
    }

    static Stream<List<String>> wrong() {
        String claims = claims(any -> {}).toJson();
        return Stream.of(
                List.of("", "it is no JWT"),
                List.of("ada", "it is no JWT"),
                List.of("a.b.c", "it is no JWT"),
                List.of("....", "it is no JWT"),
                List.of("..", "it is no JWT"),
                List.of("a".repeat(20_000), "it has more than 16384 characters"),
                List.of(unsigned("{}", claims), "its algorithm (alg) is not its key's: none"),
                List.of(unsigned("[]", claims), "it is no JWT"),
                List.of(unsigned("{\"alg\":5}", claims), "its alg is no text"),
                List.of(unsigned("{\"alg\":\"HS256\",\"kid\":[1]}", claims), "its kid is no text"),
                List.of(unsigned("{\"alg\":\"HS256\",\"typ\":true}", claims), "its typ is no text"),
                List.of(unsigned("{\"alg\":\"HS256\",\"cty\":\"JWT\"}", claims), "there is another token in it (cty)"),
                List.of(unsigned("{\"alg\":\"HS256\",\"kid\":\"hs\"}", claims), "its signature is not by that key"),
                List.of(critical(List.of("x")), "it can't be verified"),
                List.of(critical(5), "it can't be verified"),
                List.of(unsigned("{\"alg\":\"dir\",\"enc\":\"A128GCM\"}", "x") + "AA.AA.AA", "it is encrypted"),
                List.of(token(any -> any.unsetClaim("exp")), "it has no expiry (exp); user \"ada\""),
                List.of(token(any -> any.setStringClaim("exp", "soon")), "a claim of its is malformed"),
                List.of(token(any -> any.unsetClaim("sub")), "it has no user (sub)"),
                List.of(token(any -> any.setClaim("sub", 42L)), "a claim of its is malformed"),
                List.of(
                        token(any -> any.setSubject("Ada Lovelace")),
                        "its user (sub) must be 1 to 255 visible ASCII characters, others percent-encoded by the issuer"),
                List.of(
                        token(any -> any.setSubject("")),
                        "its user (sub) must be 1 to 255 visible ASCII characters, others percent-encoded by the issuer"),
                List.of(
                        token(any -> any.setSubject("a".repeat(256))),
                        "its user (sub) must be 1 to 255 visible ASCII characters, others percent-encoded by the issuer"),
                List.of(
                        token(any -> any.setStringClaim("bowline", "chat.>")),
                        "its rights (bowline) are no object; user ada"),
                List.of(
                        token(any -> any.setClaim("bowline", Map.of("subscribe", List.of("a b")))),
                        "its rights (bowline) hold what is no pattern; user ada"),
                List.of(
                        token(any -> any.setClaim(
                                "bowline",
                                Map.of(
                                        "subscribe",
                                        IntStream.range(0, 20)
                                                .mapToObj(i -> "a".repeat(250) + i)
                                                .toList()))),
                        "attributes are 5065 bytes of UTF-8, must be at most 4096; user ada"));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void refusesWhatIsNoTokenOfOurs(List<String> tokenAndReason) {
        refused(tokenAndReason.get(0), tokenAndReason.get(1));
    }

    @Test
    void fillsNoDiskWithWhatItRefuses() {
        for (int i = 0; i < 1_000; i++) {
            authenticator.authenticate("x").exceptionally(refusal -> Identity.ANONYMOUS);
        }
        assertThat(log.lines()).hasSize(10);
        nanoTime.advance(Duration.ofMinutes(1));
        authenticator.authenticate("x").exceptionally(refusal -> Identity.ANONYMOUS);
        authenticator.authenticate("x").exceptionally(refusal -> Identity.ANONYMOUS);
        assertThat(log.lines())
                .hasSize(12)
                .endsWith(
                        "INFO a token was refused: it is no JWT (and 990 before it, without a line)",
                        "INFO a token was refused: it is no JWT");
    }
}
