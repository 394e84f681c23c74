package dev.bowline.cli.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.util.Base64;
import java.util.List;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TokenKeyTest {
    private static final String SECRET = new String(TestKeys.SECRET, StandardCharsets.US_ASCII);

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static KeyPair pair(TokenAlgorithm algorithm) {
        return switch (algorithm) {
            case RS256 -> TestKeys.RSA;
            case ES256 -> TestKeys.P256;
            case EDDSA -> TestKeys.ED25519;
            case HS256 -> throw new AssertionError("a secret is no pair");
        };
    }

    private static byte[] secretIn(TokenKey key) {
        return key.key().getEncoded();
    }

    @ParameterizedTest
    @EnumSource(names = "HS256", mode = EnumSource.Mode.EXCLUDE)
    void isReadFromPemAndFromAJwk(TokenAlgorithm algorithm) throws JoseException {
        KeyPair pair = pair(algorithm);
        TokenKey pem = TokenKey.toVerify("a", algorithm, TestKeys.pem(pair.getPublic()));
        assertThat(pem.key()).isEqualTo(pair.getPublic());
        assertThat(pem).hasToString("TokenKey[a, " + algorithm.jwa() + "]");

        TokenKey jwk =
                TokenKey.toVerify(null, algorithm, bytes(TestKeys.jwk(pair, "b").toJson()));
        assertThat(jwk.key()).isEqualTo(pair.getPublic());
        assertThat(jwk.id()).isEqualTo("b");

        TokenKey signing = TokenKey.toSign(null, TestKeys.pem(pair.getPrivate()));
        assertThat(signing.algorithm()).isEqualTo(algorithm);
        assertThat(signing.key()).isEqualTo(pair.getPrivate());

        PublicJsonWebKey both = (PublicJsonWebKey) TestKeys.jwk(pair, "c");
        both.setPrivateKey(pair.getPrivate());
        byte[] all = bytes(both.toJson(OutputControlLevel.INCLUDE_PRIVATE));
        assertThat(TokenKey.toSign(null, all).algorithm()).isEqualTo(algorithm);
        assertThat(TokenKey.toSign(null, all).id()).isEqualTo("c");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenKey.toVerify(null, algorithm, all))
                .withMessage("the key is a private one: who verifies needs the public one alone");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenKey.toVerify(null, algorithm, TestKeys.pem(pair.getPrivate())))
                .withMessageContaining("private");
    }

    @Test
    void isASecretAsItIsOrAsItSays() throws JoseException {
        byte[] binary = new byte[32];
        binary[31] = '\n';
        assertThat(secretIn(TokenKey.toVerify(null, TokenAlgorithm.HS256, binary)))
                .as("bytes that are no text stay as they are")
                .isEqualTo(binary);
        assertThat(secretIn(TokenKey.toVerify(null, TokenAlgorithm.HS256, bytes(SECRET + "\r\n"))))
                .isEqualTo(TestKeys.SECRET);
        String base64 = Base64.getUrlEncoder().withoutPadding().encodeToString(binary);
        assertThat(secretIn(TokenKey.toSign("a", bytes("base64url:" + base64 + "\n"))))
                .isEqualTo(binary);
        assertThat(secretIn(TokenKey.toSign("a", bytes(base64))))
                .as("what only looks like base64url is as it is")
                .isEqualTo(bytes(base64));
        String jwk = JsonWebKey.Factory.newJwk(new HmacKey(binary)).toJson(OutputControlLevel.INCLUDE_SYMMETRIC);
        assertThat(secretIn(TokenKey.toVerify(null, TokenAlgorithm.HS256, bytes(jwk))))
                .isEqualTo(binary);
        assertThat(TokenKey.toSign(null, bytes(jwk)).algorithm()).isEqualTo(TokenAlgorithm.HS256);
    }

    private static void refused(TokenAlgorithm algorithm, byte[] material, String sentence) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenKey.toVerify(null, algorithm, material))
                .withMessage(sentence)
                .withNoCause();
    }

    @Test
    void isNoKeyOfAnotherAlgorithm() {
        byte[] rsa = TestKeys.pem(TestKeys.RSA.getPublic());
        refused(TokenAlgorithm.HS256, rsa, "the key is PEM, but HS256 needs a secret of at least 32 bytes");
        refused(TokenAlgorithm.ES256, rsa, "the key does not fit ES256, which needs a P-256 key");
        refused(
                TokenAlgorithm.RS256,
                TestKeys.pem(TestKeys.SMALL_RSA.getPublic()),
                "the key does not fit RS256, which needs an RSA key of at least 2048 bits");
        refused(
                TokenAlgorithm.ES256,
                TestKeys.pem(TestKeys.P384.getPublic()),
                "the key does not fit ES256, which needs a P-256 key");
        refused(
                TokenAlgorithm.EDDSA,
                TestKeys.pem(TestKeys.ED448.getPublic()),
                "the key does not fit EdDSA, which needs an Ed25519 key");
        byte[] jwk = bytes(TestKeys.jwk(TestKeys.RSA, "a").toJson());
        refused(TokenAlgorithm.HS256, jwk, "the key does not fit HS256, which needs a secret of at least 32 bytes");
        refused(TokenAlgorithm.EDDSA, jwk, "the key does not fit EdDSA, which needs an Ed25519 key");
        JsonWebKey other = TestKeys.jwk(TestKeys.RSA, "a");
        other.setAlgorithm("PS256");
        refused(TokenAlgorithm.RS256, bytes(other.toJson()), "the JWK is for another algorithm than RS256");
    }

    @Test
    void isNothingThatCanNotBeRead() {
        refused(TokenAlgorithm.HS256, bytes("secret"), "the secret has 6 bytes, must have at least 32");
        refused(TokenAlgorithm.HS256, bytes("base64url:" + SECRET), "the secret behind base64url: is no base64url");
        refused(
                TokenAlgorithm.RS256,
                bytes(SECRET),
                "the key is neither PEM nor a JWK, but must be an RSA key of at least 2048 bits");
        refused(
                TokenAlgorithm.RS256,
                bytes("-----BEGIN PUBLIC KEY-----\nMIIB"),
                "the key begins as PEM and does not go on so");
        refused(
                TokenAlgorithm.RS256,
                TestKeys.pem("PUBLIC KEY", new byte[20]),
                "the key does not fit RS256, which needs an RSA key of at least 2048 bits");
        refused(
                TokenAlgorithm.RS256,
                TestKeys.pem("CERTIFICATE", new byte[20]),
                "the PEM holds a CERTIFICATE, must be a PUBLIC KEY");
        refused(TokenAlgorithm.RS256, bytes("{\"kty\":\"RSA\"}"), "the key begins as a JWK and does not go on so");
        refused(TokenAlgorithm.RS256, bytes("{\"kty\":5}"), "the key begins as a JWK and does not go on so");
        refused(TokenAlgorithm.RS256, bytes("{}"), "the key begins as a JWK and does not go on so");
    }

    @Test
    void signsWithWhatIsPrivateAndStrongEnough() {
        for (byte[] material : List.of(
                TestKeys.pem(TestKeys.RSA.getPublic()),
                TestKeys.pem("RSA PRIVATE KEY", new byte[20]),
                TestKeys.pem("ENCRYPTED PRIVATE KEY", new byte[20]))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> TokenKey.toSign(null, material))
                    .withMessageContaining("must be a PRIVATE KEY that is not encrypted");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenKey.toSign(null, TestKeys.pem(TestKeys.SMALL_RSA.getPrivate())))
                .withMessageStartingWith("the key is too small");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenKey.toSign(null, TestKeys.pem(TestKeys.ED448.getPrivate())))
                .withMessageContaining("of another kind than RSA");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenKey.toSign(
                        null, bytes(TestKeys.jwk(TestKeys.RSA, "a").toJson())))
                .withMessage("the JWK has no private key to sign with");
    }

    private static TokenKey key(@Nullable String id) {
        return TokenKey.toVerify(id, TokenAlgorithm.HS256, TestKeys.SECRET);
    }

    @Test
    void isACandidateByItsIdOrWithoutOne() {
        TokenKey a = key("a");
        TokenKey b = key("b");
        TokenKey any = key(null);
        List<TokenKey> keys = List.of(a, b, any);
        assertThat(TokenKey.candidates(keys, "a")).containsExactly(a);
        assertThat(TokenKey.candidates(keys, "c")).containsExactly(any);
        assertThat(TokenKey.candidates(keys, null)).containsExactly(a, b, any);
        assertThat(TokenKey.candidates(List.of(a, b), "c")).isEmpty();
    }
}
