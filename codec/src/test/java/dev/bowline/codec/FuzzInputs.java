package dev.bowline.codec;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** The committed inputs of a class of fuzz tests: lines of its {@code .inputs.txt}, as repositories keep text best. */
public final class FuzzInputs {
    private FuzzInputs() {}

    /** Those of one target; at least one. */
    public static Stream<Arguments> of(Class<?> test, String target) {
        String name = test.getSimpleName() + ".inputs.txt";
        try (InputStream in = test.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("no " + name + " beside " + test.getName());
            }
            String[][] lines = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.split(" ", -1))
                    .filter(parts -> parts[0].equals(target))
                    .toArray(String[][]::new);
            if (lines.length == 0) {
                throw new IllegalStateException(name + " has no input for " + target);
            }
            return Stream.of(lines)
                    .map(parts -> Arguments.of((Object) HexFormat.of().parseHex(parts[2])));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
