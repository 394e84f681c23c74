package dev.bowline.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ViolationTest {
    @ParameterizedTest
    @EnumSource(Violation.class)
    void everyEntryIsFitToBeReported(Violation violation) {
        assertThat(violation.code()).matches("[a-z0-9]+(-[a-z0-9]+)*");
        assertThat(violation.clause()).matches("RFC \\d{4} §[0-9.]+(, §[0-9.]+|, RFC \\d{4} §[0-9.]+)*");
        assertThat(violation.description()).isNotBlank().doesNotEndWith(".").matches("\\p{ASCII}+");
        assertThat(violation.description().length()).isLessThanOrEqualTo(123);
        if (violation.answer() >= 1000) {
            assertThat(CloseCode.isAllowedOnWire(violation.answer())
                            || violation.answer() == CloseCode.ABNORMAL_CLOSURE)
                    .isTrue();
        } else {
            assertThat(violation.answer()).isIn(400, 405, 408, 414, 426, 431, 505);
        }
    }

    @Test
    void codesAreDistinct() {
        assertThat(Arrays.stream(Violation.values()).map(Violation::code)).doesNotHaveDuplicates();
    }

    @Test
    void codesDoNotDependOnTheLocale() {
        java.util.Locale before = java.util.Locale.getDefault();
        try {
            java.util.Locale.setDefault(java.util.Locale.forLanguageTag("tr")); // its lower-case I has no dot
            assertThat(Violation.TEXT_NOT_UTF8.code()).isEqualTo("text-not-utf8");
            assertThat(Violation.CLOSE_CODE_INVALID.code()).isEqualTo("close-code-invalid");
        } finally {
            java.util.Locale.setDefault(before);
        }
    }
}
