package dev.bowline.cli.token;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/** What somebody has given as a key: PEM, a JWK, or a secret. No exception tells anything of it. */
final class KeyMaterial {
    private static final Pattern PEM = Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");
    private static final String BASE64URL = "base64url:";

    private final byte[] secret;
    private final @Nullable String label; // of PEM
    private final byte[] encoded; // of PEM
    private final @Nullable JsonWebKey jwk;

    private KeyMaterial(byte[] secret, @Nullable String label, byte[] encoded, @Nullable JsonWebKey jwk) {
        this.secret = secret;
        this.label = label;
        this.encoded = encoded;
        this.jwk = jwk;
    }

    static KeyMaterial of(byte[] given) {
        String text = new String(given, StandardCharsets.ISO_8859_1);
        byte[] none = {};
        if (text.contains("-----BEGIN ")) {
            Matcher pem = PEM.matcher(text);
            if (!pem.find()) {
                throw new IllegalArgumentException("the key begins as PEM and does not go on so");
            }
            return new KeyMaterial(none, pem.group(1), decoded(pem.group(2)), null);
        }
        if (text.stripLeading().startsWith("{")) {
            try {
                return new KeyMaterial(none, null, none, JsonWebKey.Factory.newJwk(text));
            } catch (JoseException | RuntimeException e) { // the library casts what it finds; the message may hold it
                throw new IllegalArgumentException("the key begins as a JWK and does not go on so");
            }
        }
        return new KeyMaterial(secretOf(text, given), null, none, null);
    }

    private static byte[] decoded(String base64) {
        try {
            return Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the key begins as PEM and does not go on so");
        }
    }

    private static byte[] secretOf(String text, byte[] given) {
        boolean isText = text.chars().allMatch(c -> (c >= ' ' && c < 0x7F) || c == '\r' || c == '\n' || c == '\t');
        if (!isText) {
            return given.clone();
        }
        String line = text.replaceFirst("[\\r\\n]+$", "");
        if (!line.startsWith(BASE64URL)) {
            return line.getBytes(StandardCharsets.ISO_8859_1);
        }
        try {
            return Base64.getUrlDecoder().decode(line.substring(BASE64URL.length()));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the secret behind " + BASE64URL + " is no base64url");
        }
    }

    static Key secret(byte[] bytes) {
        if (bytes.length < TokenAlgorithm.MIN_SECRET_BYTES) {
            throw new IllegalArgumentException(
                    "the secret has " + bytes.length + " bytes, must have at least " + TokenAlgorithm.MIN_SECRET_BYTES);
        }
        return new HmacKey(bytes);
    }

    /** The id that a JWK says; null without one. */
    @Nullable
    String id() {
        return jwk == null ? null : jwk.getKeyId();
    }

    Key toVerify(TokenAlgorithm algorithm) {
        JsonWebKey its = jwk;
        if (its != null) {
            if (its.getAlgorithm() != null && !its.getAlgorithm().equals(algorithm.jwa())) {
                throw new IllegalArgumentException("the JWK is for another algorithm than " + algorithm.jwa());
            }
            if (its instanceof PublicJsonWebKey both && both.getPrivateKey() != null) {
                throw tooMuch();
            }
            return its.getKey();
        }
        if (label == null) {
            if (algorithm != TokenAlgorithm.HS256) {
                throw new IllegalArgumentException(
                        "the key is neither PEM nor a JWK, but must be " + algorithm.needs());
            }
            return secret(secret);
        }
        if (label.endsWith("PRIVATE KEY")) {
            throw tooMuch();
        }
        if (algorithm == TokenAlgorithm.HS256) { // whoever has a public key could sign with it as a secret
            throw new IllegalArgumentException("the key is PEM, but HS256 needs " + algorithm.needs());
        }
        if (!label.equals("PUBLIC KEY")) {
            throw new IllegalArgumentException("the PEM holds a " + label + ", must be a PUBLIC KEY");
        }
        try {
            return KeyFactory.getInstance(Objects.requireNonNull(algorithm.keyFactory()))
                    .generatePublic(new X509EncodedKeySpec(encoded));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "the key does not fit " + algorithm.jwa() + ", which needs " + algorithm.needs());
        }
    }

    private static IllegalArgumentException tooMuch() {
        return new IllegalArgumentException("the key is a private one: who verifies needs the public one alone");
    }

    Key toSign() {
        JsonWebKey its = jwk;
        if (its != null) {
            Key own = its instanceof PublicJsonWebKey both ? both.getPrivateKey() : its.getKey();
            if (own == null) {
                throw new IllegalArgumentException("the JWK has no private key to sign with");
            }
            return own;
        }
        if (label == null) {
            return secret(secret);
        }
        if (!label.equals("PRIVATE KEY")) {
            throw new IllegalArgumentException(
                    "the PEM holds a " + label
                            + ", must be a PRIVATE KEY that is not encrypted; openssl pkcs8 -topk8 -nocrypt makes one of others");
        }
        return Arrays.stream(TokenAlgorithm.values())
                .map(this::privateKey)
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "the private key is damaged, or of another kind than RSA, P-256 and Ed25519"));
    }

    private @Nullable PrivateKey privateKey(TokenAlgorithm algorithm) {
        if (algorithm.keyFactory() == null) {
            return null;
        }
        try {
            return KeyFactory.getInstance(algorithm.keyFactory()).generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (GeneralSecurityException e) {
            return null; // it is of another kind
        }
    }
}
