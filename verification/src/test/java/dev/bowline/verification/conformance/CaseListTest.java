package dev.bowline.verification.conformance;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.verification.conformance.Setting.Cut;
import dev.bowline.verification.conformance.Setting.Effort;
import dev.bowline.verification.conformance.Setting.Subject;
import dev.bowline.verification.conformance.Suite.Result;
import dev.bowline.verification.conformance.Verdict.Terms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * None of the field's cases is missing. The list that describes them in words lies beside the project and not in it;
 * where it is there, its ids, its contents and what it demands of the end are compared with ours.
 */
class CaseListTest {
    private static final Path LIST = Path.of("..", "..", "shared", "conformance", "cases.json");

    @Test
    void thereAreAsManyCasesAsTheFieldHas() {
        assertThat(Cases.all()).hasSize(517);
        Map<Integer, Long> counts =
                Cases.all().stream().collect(Collectors.groupingBy(Case::category, Collectors.counting()));
        assertThat(counts)
                .isEqualTo(Map.ofEntries(
                        entry(1, 16L),
                        entry(2, 11L),
                        entry(3, 7L),
                        entry(4, 10L),
                        entry(5, 20L),
                        entry(6, 145L),
                        entry(7, 37L),
                        entry(9, 54L),
                        entry(10, 1L),
                        entry(12, 90L),
                        entry(13, 126L)));
        assertThat(Cases.all().stream().map(Case::id)).doesNotHaveDuplicates();
    }

    @Test
    void theListBesideTheProjectNamesTheSameCases() throws IOException {
        Path list = list();
        if (Files.exists(list)) {
            assertThat(Cases.all().stream().map(Case::id).toList())
                    .containsExactlyElementsOf(
                            read(list).keySet().stream().sorted(Cases.BY_NUMBER).toList());
        }
    }

    @Test
    void theListBesideTheProjectDemandsTheSameEnds() throws IOException {
        Path list = list();
        if (Files.exists(list)) {
            Map<String, Object> described = read(list);
            List<Case> cases = Cases.all().stream()
                    .filter(played -> played.category() != 9)
                    .filter(played -> !played.compressed() || played.id().endsWith(".1")) // the others end alike
                    .toList();
            for (Result result :
                    Suite.run(cases, new Setting(Subject.SERVER, Cut.AS_DESCRIBED, Effort.REDUCED), one -> {})) {
                Object close = Json.at(described.get(result.id()), "close");
                Terms terms = new Terms(
                        Boolean.TRUE.equals(Json.at(close, "fuzzer_closes_first")),
                        codes(Json.at(close, "codes")),
                        Boolean.TRUE.equals(Json.at(close, "clean_required")));
                assertThat(result.verdict().terms()).as(result.id()).isEqualTo(terms);
            }
        }
    }

    @Test
    void theListBesideTheProjectAgreesOnWhatIsUtf8() throws IOException {
        Path list = list();
        if (Files.exists(list)) {
            read(list).forEach((id, described) -> {
                if (Json.at(described, "payload_hex") instanceof String hex) {
                    assertThat(Utf8Cases.isUtf8(HexFormat.of().parseHex(hex)))
                            .as(id)
                            .isEqualTo(Json.at(described, "valid_utf8"));
                    assertThat(Utf8Cases.textOf(id)).as(id).isEqualTo(hex);
                }
            });
        }
    }

    private static Path list() {
        String named = System.getProperty("bowline.cases");
        return named == null ? LIST : Path.of(named);
    }

    private static Map<String, Object> read(Path list) throws IOException {
        Map<String, Object> cases = new HashMap<>();
        if (Json.parse(Files.readString(list)) instanceof List<?> all) {
            for (Object described : all) {
                cases.put(String.valueOf(Json.at(described, "id")), described);
            }
        }
        return cases;
    }

    private static List<Integer> codes(@Nullable Object codes) {
        return codes instanceof List<?> all
                ? all.stream().map(code -> ((Double) code).intValue()).toList()
                : List.of();
    }
}
