package dev.bowline.cli.token;

import java.security.Key;
import java.util.List;
import java.util.Optional;
import org.jose4j.jwk.JsonWebKey;
import org.jspecify.annotations.Nullable;

/**
 * A key of tokens, bound to the one algorithm that it is used with: no token can choose how it is verified. Immutable.
 *
 * <p>Its material is a secret (HS256), or a key in PEM (SubjectPublicKeyInfo to verify, PKCS#8 to sign); or either as a JWK (RFC 7517). A
 * secret is the bytes as they are, or the bytes behind {@code base64url:} as that says; a line break at the end of text is not a part of it.
 */
public final class TokenKey {
    private static final int MAX_ID = 255;

    private final @Nullable String id;
    private final TokenAlgorithm algorithm;
    private final Key key;

    private TokenKey(@Nullable String id, TokenAlgorithm algorithm, Key key) {
        if (!algorithm.fits(key)) {
            throw new IllegalArgumentException(
                    "the key does not fit " + algorithm.jwa() + ", which needs " + algorithm.needs());
        }
        if (id != null && (id.isEmpty() || id.length() > MAX_ID)) {
            throw new IllegalArgumentException("the key's id must have 1 to " + MAX_ID + " characters");
        }
        this.id = id;
        this.algorithm = algorithm;
        this.key = key;
    }

    /**
     * A key to verify with.
     *
     * @param id the {@code kid} of the tokens that it verifies; null for that of a JWK, or for any that no other key has
     * @throws IllegalArgumentException if it can't be read, or is no such key; the sentence holds nothing of it
     */
    public static TokenKey toVerify(@Nullable String id, TokenAlgorithm algorithm, byte[] material) {
        KeyMaterial read = KeyMaterial.of(material);
        return new TokenKey(id == null ? read.id() : id, algorithm, read.toVerify(algorithm));
    }

    /**
     * A key to sign with, by the algorithm that it is for.
     *
     * @param id as the {@code kid} of the tokens; null for that of a JWK, or for none
     * @throws IllegalArgumentException as of {@link #toVerify}
     */
    public static TokenKey toSign(@Nullable String id, byte[] material) {
        KeyMaterial read = KeyMaterial.of(material);
        Key key = read.toSign();
        TokenAlgorithm algorithm = TokenAlgorithm.forKey(key)
                .orElseThrow(() ->
                        new IllegalArgumentException("the key is too small, or of another kind than RSA (2048 bits"
                                + " or more), P-256, Ed25519 or a secret (32 bytes or more)"));
        return new TokenKey(id == null ? read.id() : id, algorithm, key);
    }

    /** A published key; none of one that is for something else, or is a secret, which nobody publishes who means it. */
    static Optional<TokenKey> published(JsonWebKey jwk) {
        boolean signs = jwk.getUse() == null || jwk.getUse().equals("sig");
        Key key = jwk.getKey();
        Optional<TokenAlgorithm> algorithm =
                jwk.getAlgorithm() == null ? TokenAlgorithm.forKey(key) : TokenAlgorithm.of(jwk.getAlgorithm());
        return algorithm
                .filter(one -> signs && one != TokenAlgorithm.HS256 && one.fits(key))
                .map(one -> new TokenKey(jwk.getKeyId(), one, key));
    }

    /** A secret that is made from another one, for tokens of one kind alone. */
    static TokenKey derived(byte[] secret) {
        return new TokenKey(null, TokenAlgorithm.HS256, KeyMaterial.secret(secret));
    }

    /** Those that may have signed a token: of its {@code kid}; where none has that, or it has none, those that fit any. */
    static List<TokenKey> candidates(List<TokenKey> keys, @Nullable String id) {
        if (id == null) {
            return keys;
        }
        List<TokenKey> named = keys.stream().filter(one -> id.equals(one.id)).toList();
        return named.isEmpty() ? keys.stream().filter(one -> one.id == null).toList() : named;
    }

    /** Null for one that any token may be signed by. */
    public @Nullable String id() {
        return id;
    }

    public TokenAlgorithm algorithm() {
        return algorithm;
    }

    Key key() {
        return key;
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "TokenKey[" + (id == null ? "" : id + ", ") + algorithm.jwa() + "]";
    }
}
