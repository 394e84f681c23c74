package dev.bowline.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** An example is short enough to be read in one go. */
class ExampleSizeTest {
    private static final int MOST_LINES = 100;

    @TestFactory
    Stream<DynamicTest> anExampleHasAtMostAHundredLines() throws IOException {
        Path sources = Path.of("src/main/java/dev/bowline/examples");
        List<Path> examples;
        try (Stream<Path> files = Files.list(sources)) {
            examples = files.sorted().toList();
        }
        assertThat(examples).contains(sources.resolve("EchoServer.java"));
        return examples.stream()
                .map(file -> dynamicTest(file.getFileName().toString(), () -> assertThat(lines(file))
                        .isLessThanOrEqualTo(MOST_LINES)));
    }

    private static int lines(Path file) {
        try {
            return Files.readAllLines(file).size();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
