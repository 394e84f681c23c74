package dev.bowline.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The repository, and the pages in it that people read. */
final class Documents {
    static final Path ROOT = root();

    private Documents() {}

    /** All pages, as paths from the root, sorted. */
    static List<Path> pages() throws IOException {
        try (Stream<Path> atTheRoot = Files.list(ROOT);
                Stream<Path> below = Files.walk(ROOT.resolve("docs"));
                Stream<Path> protocol = Files.list(ROOT.resolve("protocol"));
                Stream<Path> client = Files.list(ROOT.resolve("javascript-client"))) {
            return Stream.of(atTheRoot, below, protocol, client)
                    .flatMap(files -> files)
                    .filter(file -> file.toString().endsWith(".md"))
                    .map(ROOT::relativize)
                    .sorted()
                    .toList();
        }
    }

    static String text(Path fromTheRoot) {
        try {
            return Files.readString(ROOT.resolve(fromTheRoot));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path root() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.exists(directory.resolve("README.zh-CN.md"))) {
            Path parent = directory.getParent();
            if (parent == null) {
                throw new IllegalStateException("no README above " + Path.of("").toAbsolutePath());
            }
            directory = parent;
        }
        return directory;
    }
}
