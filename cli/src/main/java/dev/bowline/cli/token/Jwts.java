package dev.bowline.cli.token;

import dev.bowline.session.wire.Grammar;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.ErrorCodes;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.jwx.JsonWebStructure;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/**
 * Reads, verifies and signs JWTs (RFC 7519). The library's messages quote tokens, and it casts what it finds in them: neither gets out
 * of here.
 */
final class Jwts {
    /** The longest that is looked at. */
    private static final int MAX_CHARACTERS = 16_384;

    private static final int MAX_SHOWN = 64;
    private static final long MILLIS = 1_000;

    private static final Map<Integer, String> REASONS = new TreeMap<>(Map.ofEntries(
            Map.entry(ErrorCodes.EXPIRED, "it has expired"),
            Map.entry(ErrorCodes.EXPIRATION_MISSING, "it has no expiry (exp)"),
            Map.entry(ErrorCodes.NOT_YET_VALID, "it is not valid yet (nbf)"),
            Map.entry(ErrorCodes.AUDIENCE_MISSING, "it has no audience (aud)"),
            Map.entry(ErrorCodes.AUDIENCE_INVALID, "it is for another audience (aud)"),
            Map.entry(ErrorCodes.ISSUER_MISSING, "it has no issuer (iss)"),
            Map.entry(ErrorCodes.ISSUER_INVALID, "it is of another issuer (iss)"),
            Map.entry(ErrorCodes.SUBJECT_MISSING, "it has no user (sub)"),
            Map.entry(ErrorCodes.SUBJECT_INVALID, "it has no user (sub)")));

    private Jwts() {}

    /**
     * What a token says of itself, and nobody has verified.
     *
     * @param algorithm its name; null of a token that says none
     * @param keyId null for none
     * @param type null for none
     */
    record Header(
            @Nullable String algorithm,
            @Nullable String keyId,
            @Nullable String type) {}

    static Header header(String token) throws RefusedToken {
        if (token.length() > MAX_CHARACTERS) {
            throw new RefusedToken("it has more than " + MAX_CHARACTERS + " characters");
        }
        JsonWebStructure read;
        try {
            read = JsonWebStructure.fromCompactSerialization(token);
        } catch (JoseException | RuntimeException e) { // of the library
            throw new RefusedToken("it is no JWT");
        }
        if (!(read instanceof JsonWebSignature)) {
            throw new RefusedToken("it is encrypted");
        }
        if (read.getObjectHeader("cty") != null) {
            throw new RefusedToken("there is another token in it (cty)");
        }
        return new Header(text(read, "alg"), text(read, "kid"), text(read, "typ"));
    }

    private static @Nullable String text(JsonWebStructure read, String name) throws RefusedToken {
        Object value = read.getObjectHeader(name);
        if (value == null || value instanceof String) {
            return (String) value;
        }
        throw new RefusedToken("its " + name + " is no text");
    }

    /** What a peer has named something, as far as a log should show it. */
    static String shown(@Nullable String name) {
        if (name == null) {
            return "none";
        }
        return name.length() <= MAX_SHOWN && Grammar.isField(name) ? "\"" + name + "\"" : "not fit to be shown";
    }

    /**
     * Verifies a token.
     *
     * @param wanted what else its claims must be
     */
    static JwtClaims verify(String token, TokenKey key, Instant now, Duration clockSkew, JwtConsumerBuilder wanted)
            throws RefusedToken {
        wanted.setVerificationKey(key.key())
                .setJwsAlgorithmConstraints(new AlgorithmConstraints(
                        ConstraintType.PERMIT, key.algorithm().jwa()))
                .setEvaluationTime(NumericDate.fromMilliseconds(now.toEpochMilli()))
                .setAllowedClockSkewInSeconds((int) clockSkew.toSeconds())
                .setRequireExpirationTime()
                .setRequireSubject();
        try {
            return wanted.build().processToClaims(token);
        } catch (InvalidJwtException e) {
            throw refused(e);
        } catch (RuntimeException e) { // of the library
            throw new RefusedToken("it can't be read");
        }
    }

    private static RefusedToken refused(InvalidJwtException e) {
        if (e.hasErrorCode(ErrorCodes.SIGNATURE_INVALID)) {
            return RefusedToken.byKey("its signature is not by that key");
        }
        if (e.hasErrorCode(ErrorCodes.MISCELLANEOUS)) {
            // Such as a signature of another form, or a header that the reader must know, and does not (crit).
            return RefusedToken.byKey("it can't be verified");
        }
        for (Map.Entry<Integer, String> reason : REASONS.entrySet()) {
            if (e.hasErrorCode(reason.getKey())) {
                return new RefusedToken(reason.getValue() + of(e.getJwtContext().getJwtClaims()));
            }
        }
        return new RefusedToken("a claim of its is malformed");
    }

    /** Whose it is. */
    private static String of(JwtClaims verified) {
        return verified.getClaimValue("sub") instanceof String user ? "; user " + shown(user) : "";
    }

    /** The user of a verified token. */
    static String user(JwtClaims claims) throws RefusedToken {
        if (claims.getClaimValue("sub") instanceof String user && Grammar.isUser(user)) {
            return user;
        }
        throw new RefusedToken(
                "its user (sub) must be 1 to 255 visible ASCII characters, others percent-encoded by the issuer");
    }

    /**
     * Looks at a user before there is a token.
     *
     * @throws IllegalArgumentException for what is none
     */
    static void requireUser(String user) {
        if (!Grammar.isUser(user)) {
            throw new IllegalArgumentException(
                    "user is \"" + user + "\", must be 1 to 255 visible ASCII characters, others percent-encoded");
        }
    }

    /** How long a verified token is good for from now on. */
    static long leftMillis(JwtClaims claims, Instant now, Duration clockSkew) throws RefusedToken {
        try {
            long seconds = Math.min(claims.getExpirationTime().getValue(), Long.MAX_VALUE / MILLIS / 2);
            return Math.max(1, seconds * MILLIS + clockSkew.toMillis() - now.toEpochMilli());
        } catch (MalformedClaimException e) {
            throw new RefusedToken("its expiry (exp) is no number");
        }
    }

    /**
     * Signs.
     *
     * @param type null for a token like any other
     * @throws IllegalArgumentException if it would be longer than any that is looked at
     */
    static String sign(JwtClaims claims, TokenKey key, @Nullable String type) {
        JsonWebSignature signature = new JsonWebSignature();
        signature.setPayload(claims.toJson());
        signature.setAlgorithmHeaderValue(key.algorithm().jwa());
        if (key.id() != null) {
            signature.setKeyIdHeaderValue(key.id());
        }
        signature.setHeader("typ", type == null ? "JWT" : type);
        signature.setKey(key.key());
        try {
            String token = signature.getCompactSerialization();
            if (token.length() > MAX_CHARACTERS) {
                throw new IllegalArgumentException(
                        "the token would have " + token.length() + " characters, must have at most " + MAX_CHARACTERS);
            }
            return token;
        } catch (JoseException e) {
            throw new IllegalStateException("a key that fits its algorithm can't sign", e);
        }
    }
}
