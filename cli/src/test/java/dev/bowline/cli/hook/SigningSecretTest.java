package dev.bowline.cli.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SigningSecretTest {
    private static String sign(String secret) {
        return SigningSecret.of(secret)
                .sign(
                        "msg_p5jXN8AQM9LWM0D4loKWxJek",
                        1614265330,
                        "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void signsAsTheLibrariesOfStandardWebhooksDo() {
        assertThat(sign("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
                .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @Test
    void mayBeAnyText() {
        assertThat(sign("a key in words, of 32 characters"))
                .isEqualTo(sign("whsec_YSBrZXkgaW4gd29yZHMsIG9mIDMyIGNoYXJhY3RlcnM="));
    }

    @ParameterizedTest
    @ValueSource(strings = {"whsec_not-Base64-hush-hush-hush-hush", "whsec_aHVzaA==", "hush"})
    void isRefusedWithoutBeingShown(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SigningSecret.of(text))
                .satisfies(refused -> assertThat(refused).hasMessageNotContainingAny("hush", "aHVza"))
                .withNoCause();
    }

    @Test
    void showsItselfToNobody() {
        assertThat(SigningSecret.of("a key in words, of 32 characters")).hasToString("…");
    }
}
