package dev.bowline.cli.token;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jspecify.annotations.Nullable;

/** Makes tokens, as an application's server does: for development, and for tests. Safe from any thread. */
public final class TokenIssuer {
    private final TokenKey key;
    private final InstantSource clock;

    /**
     * @param key of {@link TokenKey#toSign}
     */
    public TokenIssuer(TokenKey key, InstantSource clock) {
        this.key = key;
        this.clock = clock;
    }

    /**
     * A token.
     *
     * @param user of whom it is, 1 to 255 visible ASCII characters
     * @param ttl how long it is valid from now on, at least 1 s
     * @param audiences whom it is for; empty for nobody in particular
     * @param issuer null for none
     * @throws IllegalArgumentException for what can't be in a token
     */
    public String issue(String user, Duration ttl, Rights rights, List<String> audiences, @Nullable String issuer) {
        if (ttl.toSeconds() < 1) {
            throw new IllegalArgumentException("ttl is " + ttl + ", must be at least 1 s");
        }
        JwtClaims claims = claims(user, clock.instant().getEpochSecond(), ttl);
        if (audiences.size() == 1) {
            claims.setAudience(audiences.get(0));
        } else if (!audiences.isEmpty()) {
            claims.setAudience(audiences);
        }
        if (issuer != null) {
            claims.setIssuer(issuer);
        }
        if (!rights.isEmpty()) {
            claims.setClaim(Rights.CLAIM, rights.claim());
        }
        return Jwts.sign(claims, key, null);
    }

    /** What every token has. */
    static JwtClaims claims(String user, long nowSeconds, Duration ttl) {
        Jwts.requireUser(user);
        JwtClaims claims = new JwtClaims();
        claims.setSubject(user);
        claims.setIssuedAt(NumericDate.fromSeconds(nowSeconds));
        claims.setExpirationTime(NumericDate.fromSeconds(Math.addExact(nowSeconds, ttl.toSeconds())));
        return claims;
    }
}
