package dev.bowline.cli.token;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which tokens let a client in. Immutable: each {@code with…} gives another one.
 *
 * @param keys to verify with; at most 100
 * @param jwks where more keys are published as a JWK Set (RFC 7517 §5): {@code https}, or {@code http} on a loopback address; null for nowhere
 * @param jwksCache how long published keys are taken to be current, 30 s to 1 day; default 10 min
 * @param audiences of which a token must have one ({@code aud}); if empty, it must have none
 * @param issuer that a token must be of ({@code iss}); null for any
 * @param clockSkew by how much the clocks of issuer and server may differ, 0 to 5 min in whole seconds; default 30 s
 * @param anonymous whether a client may come in without a token, as nobody in particular; default false
 */
public record TokenOptions(
        List<TokenKey> keys,
        @Nullable URI jwks,
        Duration jwksCache,
        Set<String> audiences,
        @Nullable String issuer,
        Duration clockSkew,
        boolean anonymous) {
    private static final int MAX_KEYS = 100;
    private static final Duration LEAST_CACHE = Duration.ofSeconds(30);
    private static final Duration MOST_CACHE = Duration.ofDays(1);
    private static final Duration MOST_SKEW = Duration.ofMinutes(5);

    /** Without keys: nobody comes in but by tickets. */
    public static final TokenOptions DEFAULT =
            new TokenOptions(List.of(), null, Duration.ofMinutes(10), Set.of(), null, Duration.ofSeconds(30), false);

    public TokenOptions {
        keys = List.copyOf(keys);
        audiences = Set.copyOf(audiences);
        if (keys.size() > MAX_KEYS) {
            throw new IllegalArgumentException("keys are " + keys.size() + ", must be at most " + MAX_KEYS);
        }
        if (jwks != null) {
            requirePublic(jwks);
        }
        requireWithin("jwksCache", jwksCache, LEAST_CACHE, MOST_CACHE);
        requireWithin("clockSkew", clockSkew, Duration.ZERO, MOST_SKEW);
        if (audiences.contains(Tickets.AUDIENCE)) {
            throw new IllegalArgumentException("the audience " + Tickets.AUDIENCE + " is for tickets alone");
        }
    }

    /** Who can answer in its place could let anybody in. The URI is not repeated, as there may be a password in it. */
    private static void requirePublic(URI jwks) {
        String scheme = String.valueOf(jwks.getScheme()).toLowerCase(Locale.ROOT);
        String host = jwks.getHost();
        if (host == null || jwks.getUserInfo() != null || jwks.getFragment() != null) {
            throw new IllegalArgumentException("jwks must be like https://example.com/keys.json");
        }
        boolean loopback = host.equals("localhost") || host.equals("[::1]") || host.matches("127(\\.\\d{1,3}){3}");
        if (!scheme.equals("https") && !(scheme.equals("http") && loopback)) {
            throw new IllegalArgumentException("jwks must be https://…, or http:// on this machine");
        }
    }

    private static void requireWithin(String name, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(name + " is " + value + ", must be from " + least + " to " + most);
        }
    }

    public TokenOptions withKeys(List<TokenKey> others) {
        return new TokenOptions(others, jwks, jwksCache, audiences, issuer, clockSkew, anonymous);
    }

    public TokenOptions withJwks(URI place) {
        return new TokenOptions(keys, place, jwksCache, audiences, issuer, clockSkew, anonymous);
    }

    public TokenOptions withJwksCache(Duration time) {
        return new TokenOptions(keys, jwks, time, audiences, issuer, clockSkew, anonymous);
    }

    public TokenOptions withAudiences(Set<String> others) {
        return new TokenOptions(keys, jwks, jwksCache, others, issuer, clockSkew, anonymous);
    }

    public TokenOptions withIssuer(String other) {
        return new TokenOptions(keys, jwks, jwksCache, audiences, other, clockSkew, anonymous);
    }

    public TokenOptions withClockSkew(Duration skew) {
        return new TokenOptions(keys, jwks, jwksCache, audiences, issuer, skew, anonymous);
    }

    public TokenOptions withAnonymous(boolean allowed) {
        return new TokenOptions(keys, jwks, jwksCache, audiences, issuer, clockSkew, allowed);
    }
}
