package dev.bowline.cli.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenOptionsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://example.com/keys.json?tenant=1",
                "http://localhost:8080/keys",
                "http://127.0.0.1/keys",
                "http://127.1.2.3/keys",
                "http://[::1]:80/keys"
            })
    void takeKeysFromWhereNobodyElseCanAnswer(String uri) {
        assertThat(TokenOptions.DEFAULT.withJwks(URI.create(uri)).jwks()).hasToString(uri);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://example.com/keys",
                "http://127.0.0.1.example.com/keys",
                "http://localhost.example.com/keys",
                "https://ada:password@example.com/keys",
                "https://example.com/keys#a",
                "file:///etc/keys",
                "https:///keys",
                "keys.json"
            })
    void takeThemFromNowhereElse(String uri) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenOptions.DEFAULT.withJwks(URI.create(uri)))
                .withMessageStartingWith("jwks must be ")
                .withMessageNotContaining("password");
    }

    @Test
    void areBounded() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenOptions.DEFAULT.withClockSkew(Duration.ofMinutes(6)))
                .withMessage("clockSkew is PT6M, must be from PT0S to PT5M");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenOptions.DEFAULT.withJwksCache(Duration.ofSeconds(1)))
                .withMessage("jwksCache is PT1S, must be from PT30S to PT24H");
        TokenKey key = TokenKey.toVerify(null, TokenAlgorithm.HS256, TestKeys.SECRET);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenOptions.DEFAULT.withKeys(Collections.nCopies(101, key)))
                .withMessage("keys are 101, must be at most 100");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenOptions.DEFAULT.withAudiences(Set.of("bowline-ticket")))
                .withMessage("the audience bowline-ticket is for tickets alone");
    }

    @Test
    void letNobodyInByDefault() {
        assertThat(TokenOptions.DEFAULT.anonymous()).isFalse();
        assertThat(TokenOptions.DEFAULT.keys()).isEmpty();
        assertThat(TokenOptions.DEFAULT.clockSkew()).isEqualTo(Duration.ofSeconds(30));
        assertThat(TokenOptions.DEFAULT.jwksCache()).isEqualTo(Duration.ofMinutes(10));
    }
}
