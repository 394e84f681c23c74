package dev.bowline.verification.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.verification.bench.CodecTable.Figure;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CodecTableTest {
    @Test
    void hasATableForEachBenchmarkAndAColumnForEachCodec() {
        String text = CodecTable.markdown(List.of(
                new Figure("mask", "20 B", "bowline", 5.004, 0.001),
                new Figure("mask", "20 B", "bytewise", 20.0, 0.5),
                new Figure("mask", "1 MiB", "bowline", 16_384, 1.5),
                new Figure("parse", "20 B", "bowline", 2_500_000, 1_234_567),
                new Figure("parse", "20 B", "netty", 250_000_000, -1),
                new Figure("mine", "20 B", "netty", 999.9, 0)));
        assertThat(text).isEqualTo("""
                ### Mask alone

                |  | **Bowline** | byte by byte |
                |---|---|---|
                | 20 B | 5.00 ns, 0 B | 20.0 ns (4.00 ×), 0 B |
                | 1 MiB | 16.4 µs, 1 B | – |

                ### Parse: a server takes 16 KiB of masked frames of 20 B, or one frame

                |  | **Bowline** | Netty |
                |---|---|---|
                | 20 B | 2.50 ms, 1,234,567 B | 250 ms (100 ×) |

                ### mine

                |  | Netty |
                |---|---|
                | 20 B | 1,000 ns, 0 B |

                """);
    }

    @ParameterizedTest
    @CsvSource({
        "size, 20, 20 B",
        "size, 1024, 1 KiB",
        "size, 1025, 1025 B",
        "size, 16384, 16 KiB",
        "size, 1048576, 1 MiB",
        "size, 1049600, 1025 KiB",
        "memory, direct, direct memory",
        "script, cjk, cjk",
    })
    void saysParametersInWords(String parameter, String value, String words) {
        assertThat(CodecTable.words(parameter, value)).isEqualTo(words);
    }
}
