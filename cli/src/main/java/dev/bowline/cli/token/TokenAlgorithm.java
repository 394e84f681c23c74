package dev.bowline.cli.token;

import java.security.Key;
import java.security.interfaces.ECKey;
import java.security.interfaces.EdECKey;
import java.security.interfaces.RSAKey;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.SecretKey;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.keys.EllipticCurves;
import org.jspecify.annotations.Nullable;

/** How tokens are signed (RFC 7518 §3, RFC 8037). */
public enum TokenAlgorithm {
    /** HMAC with SHA-256: who verifies can sign, too. */
    HS256(AlgorithmIdentifiers.HMAC_SHA256, "a secret of at least 32 bytes", null),
    /** RSA with SHA-256. */
    RS256(AlgorithmIdentifiers.RSA_USING_SHA256, "an RSA key of at least 2048 bits", "RSA"),
    /** ECDSA with SHA-256 on the curve P-256. */
    ES256(AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256, "a P-256 key", "EC"),
    /** Ed25519. */
    EDDSA(AlgorithmIdentifiers.EDDSA, "an Ed25519 key", "Ed25519");

    /** As long as the hash (RFC 7518 §3.2). */
    static final int MIN_SECRET_BYTES = 32;

    private static final int MIN_RSA_BITS = 2_048;

    private final String jwa;
    private final String needs;
    private final @Nullable String keyFactory;

    TokenAlgorithm(String jwa, String needs, @Nullable String keyFactory) {
        this.jwa = jwa;
        this.needs = needs;
        this.keyFactory = keyFactory;
    }

    /** Its name in a token's header, such as {@code EdDSA}. */
    public String jwa() {
        return jwa;
    }

    /** What Java calls the keys; null of secrets, which have no form of their own. */
    @Nullable
    String keyFactory() {
        return keyFactory;
    }

    /** What a key must be, as the end of a sentence. */
    String needs() {
        return needs;
    }

    boolean fits(Key key) {
        return switch (this) {
            case HS256 -> key instanceof SecretKey && key.getEncoded().length >= MIN_SECRET_BYTES;
            case RS256 -> key instanceof RSAKey rsa && rsa.getModulus().bitLength() >= MIN_RSA_BITS;
            case ES256 -> key instanceof ECKey ec && ec.getParams().getCurve().equals(EllipticCurves.P256.getCurve());
            case EDDSA ->
                key instanceof EdECKey edwards && edwards.getParams().getName().equals("Ed25519");
        };
    }

    /** The algorithm of that name in a token's header. */
    public static Optional<TokenAlgorithm> of(@Nullable String jwa) {
        return Arrays.stream(values()).filter(one -> one.jwa.equals(jwa)).findFirst();
    }

    /** The one algorithm that a key is good for. */
    static Optional<TokenAlgorithm> forKey(Key key) {
        return Arrays.stream(values()).filter(one -> one.fits(key)).findFirst();
    }
}
