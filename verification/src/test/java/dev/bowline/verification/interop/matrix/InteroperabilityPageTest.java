package dev.bowline.verification.interop.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.verification.interop.matrix.Results.Result;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code docs/interoperability.md} says what is expected, and why where that is not what one would wish. */
class InteroperabilityPageTest {
    static List<String> peers() {
        return Page.PEERS;
    }

    @Test
    void theTablesAreThoseOfTheResults() {
        assertThat(Page.read())
                .as("-Dbowline.interop=write with the interoperability tests writes it anew")
                .isEqualTo(Page.render(Page.read()));
    }

    @ParameterizedTest
    @MethodSource("peers")
    void whatDoesNotWorkHasAReason(String peer) {
        Results results = Results.of(peer);
        assertThat(results.cells()).isNotEmpty();
        if (!results.cells().values().stream().allMatch(Result::isGood)) {
            assertThat(results.notes()).isNotEmpty();
        }
    }
}
