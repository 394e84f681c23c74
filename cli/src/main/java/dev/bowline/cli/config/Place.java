package dev.bowline.cli.config;

import java.nio.file.Path;

/**
 * Where a value comes from, for those who have to change it.
 *
 * @param text {@code bowline.yaml:12}, {@code BOWLINE_SERVER_PORT} or {@code --port}
 * @param directory from which the files are seen that it names
 */
public record Place(String text, Path directory) {
    private static final Path HERE = Path.of("");

    /** Of a value that nobody has set. */
    static final Place STANDARD = new Place("by default", HERE);

    static Place ofVariable(String name) {
        return new Place(name, HERE);
    }

    public static Place ofOption(String name) {
        return new Place(name, HERE);
    }

    static Place ofFile(Path file) {
        return new Place(file.toString(), HERE);
    }

    static Place ofLine(Path file, int line) {
        Path directory = file.toAbsolutePath().getParent();
        return new Place(file + ":" + line, directory == null ? HERE : directory);
    }

    @Override
    public String toString() {
        return text;
    }
}
