package dev.bowline.cli.token;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/** Keys of every kind, made anew for each run, in the forms in which people have them. */
final class TestKeys {
    static final byte[] SECRET = "a secret of tests, and of no server".getBytes(StandardCharsets.US_ASCII);
    static final KeyPair RSA = pair("RSA", 2_048);
    static final KeyPair SMALL_RSA = pair("RSA", 1_024);
    static final KeyPair P256 = pair("EC", 256);
    static final KeyPair P384 = pair("EC", 384);
    static final KeyPair ED25519 = pair("Ed25519", 0);
    static final KeyPair ED448 = pair("Ed448", 0);

    private TestKeys() {}

    static KeyPair pair(String kind, int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
            if (kind.equals("EC")) {
                generator.initialize(new ECGenParameterSpec("secp" + bits + "r1"));
            } else if (bits > 0) {
                generator.initialize(bits);
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    static byte[] pem(Key key) {
        String label = key instanceof java.security.PrivateKey ? "PRIVATE KEY" : "PUBLIC KEY";
        return pem(label, key.getEncoded());
    }

    static byte[] pem(String label, byte[] encoded) {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded);
        return ("-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** As a JWK, without what is private. */
    static JsonWebKey jwk(KeyPair pair, @Nullable String id) {
        try {
            JsonWebKey jwk = JsonWebKey.Factory.newJwk(pair.getPublic());
            jwk.setKeyId(id);
            return jwk;
        } catch (JoseException e) {
            throw new AssertionError(e);
        }
    }

    /** As they are published. */
    static String jwks(JsonWebKey... keys) {
        return Stream.of(keys)
                .map(key -> key.toJson(OutputControlLevel.INCLUDE_SYMMETRIC))
                .collect(Collectors.joining(",", "{\"keys\":[", "]}"));
    }

    /** A token, however wrong it is. */
    static String sign(JwtClaims claims, String algorithm, Key key, @Nullable String id) {
        try {
            JsonWebSignature signature = new JsonWebSignature();
            signature.setPayload(claims.toJson());
            signature.setAlgorithmHeaderValue(algorithm);
            signature.setAlgorithmConstraints(org.jose4j.jwa.AlgorithmConstraints.NO_CONSTRAINTS);
            signature.setDoKeyValidation(false);
            if (id != null) {
                signature.setKeyIdHeaderValue(id);
            }
            signature.setKey(key);
            return signature.getCompactSerialization();
        } catch (JoseException e) {
            throw new AssertionError(e);
        }
    }
}
