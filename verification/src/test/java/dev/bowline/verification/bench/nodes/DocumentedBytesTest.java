package dev.bowline.verification.bench.nodes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DocumentedBytesTest {
    @Test
    void theDocsHaveThem() throws IOException {
        DocumentedBytes bytes = DocumentedBytes.read(root().resolve("docs"));
        assertThat(bytes.connection()).isBetween(100.0, 10_000.0);
        assertThat(bytes.session()).isBetween(100.0, 10_000.0);
        assertThat(bytes.subscription()).isBetween(50.0, 10_000.0);
    }

    @Test
    void saysWhichPageHasThemNot(@TempDir Path docs) throws IOException {
        Files.writeString(docs.resolve("scaling.md"), "### Idle connections\n\n| 1,000 | 2,772 |\n");
        assertThatThrownBy(() -> DocumentedBytes.read(docs))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("scaling.md");
    }

    private static Path root() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.exists(directory.resolve("ARCHITECTURE.md"))) {
            directory = Objects.requireNonNull(directory.getParent(), "the tests run within the repository");
        }
        return directory;
    }
}
