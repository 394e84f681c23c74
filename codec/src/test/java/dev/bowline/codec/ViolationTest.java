package dev.bowline.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ViolationTest {
    @Test
    void docsListTheCatalogueRowForRow() throws IOException {
        String catalogue = Files.readString(Path.of("../docs/errors.md"));
        String rows = Arrays.stream(Violation.values())
                .map(v ->
                        "| `" + v.code() + "` | " + v.answer() + " | " + v.description() + " | " + v.clause() + " |\n")
                .reduce("", String::concat);
        assertThat(catalogue).contains(rows);
    }

    @ParameterizedTest
    @EnumSource
    void answersWithAnHttpErrorOrACloseCode(Violation violation) {
        boolean httpError = violation.answer() >= 400 && violation.answer() <= 599;
        boolean closeCode =
                CloseCode.isAllowedOnWire(violation.answer()) || violation.answer() == CloseCode.ABNORMAL_CLOSURE;
        assertThat(httpError || closeCode).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void namesTheClauseItBreaks(Violation violation) {
        assertThat(violation.clause()).matches("RFC \\d{4} §.+");
        assertThat(violation.error().message()).contains(violation.clause()).startsWith(violation.description());
    }
}
