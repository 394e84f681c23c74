package dev.bowline.verification.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class Utf8CheckerTest {
    private static boolean check(String name, byte[] text, int times) {
        try (Utf8Checker checker = Utf8Checker.of(name, text)) {
            boolean all = true;
            for (int i = 0; i < times; i++) {
                all &= checker.check();
            }
            return all;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bowline", "netty", "java-websocket", "jdk-decoder", "jdk-string"})
    void acceptsEveryTextOfTheBenchmarkAndRefusesItWithABadByte(String name) {
        for (String script : new String[] {"ascii", "latin", "cjk", "emoji"}) {
            for (int size : new int[] {100, 16_384}) {
                byte[] text = Utf8Benchmark.text(script, size);
                assertThat(text.length).isBetween(size - 3, size);
                assertThat(new String(text, StandardCharsets.UTF_8)).doesNotContain("\uFFFD");
                assertThat(check(name, text, 3)).as(script).isTrue();
                text[text.length - 1] = (byte) 0xFF;
                assertThat(check(name, text, 1)).as(script).isFalse();
            }
        }
    }
}
