package dev.bowline.verification.interop.matrix;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is expected of one implementation: a file of lines {@code peer VERSION}, {@code note TEXT} and {@code CELL | AGREED |
 * SENDS}, in the order of the matrix. Notes are written by hand, and stay when the rest is written anew.
 */
final class Results {
    /** @param sends how the other implementation sends; or what came between */
    record Result(String agreed, String sends) {
        private static final String REFUSED = "refused: ";
        private static final String BROKEN = "broken: ";

        /** In whatever words. */
        static final Result REFUSED_BY_PEER = new Result("-", REFUSED + "the other one does not take Bowline's answer");

        /** With what Bowline's client says, without the address. */
        static Result refused(String message) {
            return new Result("-", REFUSED + message.substring(message.indexOf("/: ") + 3));
        }

        /** The connection did not go well, with the reason in words that are the same each time. */
        static Result broken(String agreed, String reason) {
            return new Result(agreed, BROKEN + reason);
        }

        boolean isGood() {
            return !sends.startsWith(REFUSED) && !sends.startsWith(BROKEN);
        }

        @Override
        public String toString() {
            return agreed + " | " + sends;
        }
    }

    private static final Path DIRECTORY = Path.of("src/test/resources/dev/bowline/verification/interop/matrix");

    private final String name;
    private String version = "";
    private final List<String> notes = new ArrayList<>();
    private final Map<String, Result> cells = new LinkedHashMap<>();

    private Results(String name) {
        this.name = name;
    }

    /** Of the implementation of this name; empty where there is no file. */
    static Results of(String name) {
        Results results = new Results(name);
        try {
            if (Files.exists(results.file())) {
                Files.readAllLines(results.file()).forEach(results::read);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return results;
    }

    /** A path of the module, whether Maven or an editor runs the test. */
    static Path inModule(Path path) {
        return Files.isDirectory(Path.of("src/test"))
                ? path
                : Path.of("verification").resolve(path);
    }

    private Path file() {
        return inModule(DIRECTORY.resolve(name.toLowerCase(Locale.ROOT).replace(' ', '-') + ".txt"));
    }

    private void read(String line) {
        if (line.startsWith("peer ")) {
            version = line.substring("peer ".length());
        } else if (line.startsWith("note ")) {
            notes.add(line.substring("note ".length()));
        } else if (!line.isEmpty()) {
            String[] fields = line.split(" \\| ", 5);
            cells.put(String.join(" | ", fields[0], fields[1], fields[2]), new Result(fields[3], fields[4]));
        }
    }

    String name() {
        return name;
    }

    String version() {
        return version;
    }

    List<String> notes() {
        return notes;
    }

    Map<String, Result> cells() {
        return cells;
    }

    @Nullable
    Result expected(Cell cell) {
        return cells.get(cell.toString());
    }

    /** Writes what was found in place of what was expected. */
    void replace(String foundVersion, Map<Cell, Result> found) {
        StringBuilder text = new StringBuilder("peer " + foundVersion + "\n");
        notes.forEach(note -> text.append("note ").append(note).append('\n'));
        text.append('\n');
        found.forEach(
                (cell, result) -> text.append(cell).append(" | ").append(result).append('\n'));
        try {
            Files.createDirectories(file().getParent());
            Files.writeString(file(), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
