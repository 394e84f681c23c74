package dev.bowline.cli.token;

import dev.bowline.session.server.Identity;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;

/**
 * Tickets: what a server gives to a page that should not keep a token. A ticket is good for one connection, within seconds; what the
 * session is then is in it, and for how long. It is signed, so that nothing is kept of it but that it was used.
 *
 * <p>No ticket passes for a token, nor a token for a ticket: the key is made for tickets alone, and so are their type and audience.
 *
 * <p>Safe from any thread.
 */
public final class Tickets {
    /** How long a ticket waits for its use, by default. */
    public static final Duration DEFAULT_TTL = Duration.ofSeconds(30);

    /** How long it may wait at most. */
    public static final Duration MAX_TTL = Duration.ofMinutes(5);

    /** How long a session holds that came by one, by default; then, or before, its client shows another one. */
    public static final Duration DEFAULT_SESSION_TTL = Duration.ofHours(1);

    static final String AUDIENCE = "bowline-ticket";
    static final String TYPE = "bowline-ticket+jwt";

    private static final String ATTRIBUTES = "attributes";
    private static final String SESSION_SECONDS = "session";
    private static final String USED = "ticket:";
    private static final int ID_BYTES = 16;
    private static final byte[] PURPOSE = "bowline tickets 1".getBytes(StandardCharsets.US_ASCII);

    /** Keeps in mind what was used, for all nodes: as {@code Hub.once}. */
    @FunctionalInterface
    public interface Uses {
        /** Completed with whether nobody has used that before. */
        CompletionStage<Boolean> once(String key, Duration ttl);
    }

    private final TokenKey key;
    private final Duration clockSkew;
    private final Uses uses;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    /**
     * @param secret the same on all nodes, at least 32 bytes; it may be used for something else, too
     * @param clockSkew by how much the clocks of nodes may differ from the right time, 0 to 5 min in whole seconds
     * @throws IllegalArgumentException if the secret is too short
     */
    public Tickets(byte[] secret, Duration clockSkew, Uses uses) {
        this(secret, clockSkew, uses, InstantSource.system());
    }

    Tickets(byte[] secret, Duration clockSkew, Uses uses, InstantSource clock) {
        if (secret.length < TokenAlgorithm.MIN_SECRET_BYTES) {
            throw new IllegalArgumentException("the secret of tickets has " + secret.length
                    + " bytes, must have at least " + TokenAlgorithm.MIN_SECRET_BYTES);
        }
        this.key = TokenKey.derived(derive(secret));
        this.clockSkew = clockSkew;
        this.uses = uses;
        this.clock = clock;
    }

    private static byte[] derive(byte[] secret) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            return mac.doFinal(PURPOSE);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HMAC", e);
        }
    }

    /** A secret for one node, which forgets it when it ends. */
    public static byte[] newSecret() {
        byte[] secret = new byte[TokenAlgorithm.MIN_SECRET_BYTES];
        new SecureRandom().nextBytes(secret);
        return secret;
    }

    /** A ticket with the default times. */
    public String issue(String user, Map<String, String> attributes) {
        return issue(user, attributes, DEFAULT_TTL, DEFAULT_SESSION_TTL);
    }

    /**
     * A ticket: visible ASCII.
     *
     * @param attributes of the session, as of {@link Identity}; with {@link Rights#ATTRIBUTE} those that {@link RightsAuthorizer} goes by
     * @param ttl how long it waits for its use, 1 s to 5 min
     * @param sessionTtl how long the session holds from its use on, 1 s or more, in whole seconds
     * @throws IllegalArgumentException for what can't be in a ticket
     */
    public String issue(String user, Map<String, String> attributes, Duration ttl, Duration sessionTtl) {
        if (ttl.toSeconds() < 1 || ttl.compareTo(MAX_TTL) > 0) {
            throw new IllegalArgumentException("ttl is " + ttl + ", must be 1 s to 5 min");
        }
        if (sessionTtl.toSeconds() < 1) {
            throw new IllegalArgumentException("sessionTtl is " + sessionTtl + ", must be at least 1 s");
        }
        Identity unused = new Identity(user, 0, attributes); // says what can't be one
        Rights unusedToo = Rights.parse(attributes.getOrDefault(Rights.ATTRIBUTE, ""));
        JwtClaims claims = TokenIssuer.claims(user, clock.instant().getEpochSecond(), ttl);
        claims.setAudience(AUDIENCE);
        claims.setJwtId(id());
        claims.setClaim(SESSION_SECONDS, sessionTtl.toSeconds());
        if (!attributes.isEmpty()) {
            claims.setClaim(ATTRIBUTES, attributes);
        }
        return Jwts.sign(claims, key, TYPE);
    }

    private String id() {
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /**
     * Uses a ticket.
     *
     * @return completed exceptionally with {@link RefusedToken}, or with what {@link Uses} gave
     */
    CompletionStage<Identity> use(String ticket) {
        Instant now = clock.instant();
        JwtClaims claims;
        Identity identity;
        Duration remembered;
        try {
            claims = Jwts.verify(
                    ticket,
                    key,
                    now,
                    clockSkew,
                    new JwtConsumerBuilder()
                            .setExpectedAudience(AUDIENCE)
                            .setExpectedType(true, TYPE)
                            .setRequireJwtId());
            identity = identity(claims);
            // As long as the slowest clock of any node holds it for valid, whose time may be twice that behind this
            // one's.
            remembered = Duration.ofMillis(Jwts.leftMillis(claims, now, clockSkew.multipliedBy(3)) + 1_000);
        } catch (RefusedToken e) {
            return CompletableFuture.failedFuture(e);
        }
        return uses.once(USED + claims.getClaimValue("jti"), remembered)
                .thenCompose(first -> first
                        ? CompletableFuture.completedFuture(identity)
                        : CompletableFuture.failedFuture(
                                new RefusedToken("it is a ticket that was used before; user " + identity.user())));
    }

    /** Of claims that this class has signed. */
    private static Identity identity(JwtClaims claims) throws RefusedToken {
        Map<String, String> attributes = new LinkedHashMap<>();
        if (claims.getClaimValue(ATTRIBUTES) instanceof Map<?, ?> signed) {
            signed.forEach((name, value) -> attributes.put(String.valueOf(name), String.valueOf(value)));
        }
        long seconds = claims.getClaimValue(SESSION_SECONDS) instanceof Number number ? number.longValue() : 0;
        return new Identity(Jwts.user(claims), millis(seconds), attributes);
    }

    private static long millis(long seconds) {
        return seconds > Long.MAX_VALUE / 1_000 ? Long.MAX_VALUE : seconds * 1_000;
    }
}
