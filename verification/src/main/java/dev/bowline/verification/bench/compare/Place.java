package dev.bowline.verification.bench.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where everything is, as {@code scripts/bench} says by system properties.
 *
 * @param java the program of the newest JDK
 * @param java17 the program of a JDK 17; null where there is none
 * @param servers their class path
 * @param generator its class path
 */
record Place(Path root, Path java, @Nullable Path java17, String servers, String generator) {
    private static final String JAVA_17 = "bench.java17";

    static Place ofProperties() {
        String java17 = System.getProperty(JAVA_17, "");
        return new Place(
                Path.of(property("bench.root")),
                Path.of(property("bench.java")),
                java17.isEmpty() ? null : Path.of(java17),
                property("bench.servers"),
                property("java.class.path"));
    }

    private static String property(String name) {
        String value = System.getProperty(name);
        if (value == null) {
            throw new IllegalStateException("system property " + name + " is missing; start it by scripts/bench");
        }
        return value;
    }

    Path npm() {
        return root.resolve("verification/bench/npm");
    }

    /** On the newest JDK, which this program runs on too. */
    List<Contender> contenders() {
        return contenders(java, Runtime.version().feature());
    }

    /** On JDK 17; empty where there is none. */
    List<Contender> contenders17() {
        return java17 == null ? List.of() : contenders(java17, 17);
    }

    private List<Contender> contenders(Path program, int release) {
        return Contenders.all(program, release, servers, npm(), root.resolve("target/bench/floor"));
    }

    List<String> machine() throws IOException {
        return Machine.describe(java);
    }

    /** The machine, and all that the comparison needs. */
    List<String> machineAndServers() throws IOException {
        List<String> all = new ArrayList<>(machine());
        all.addAll(Machine.describeOthers(Versions.all(servers, npm())));
        return all;
    }

    /** Where it is said to be, or in the directory of what is built. */
    Path results(@Nullable Path asked, String name) throws IOException {
        Path file = asked == null ? root.resolve("target/bench").resolve(name) : asked;
        if (Files.isDirectory(file)) {
            throw new IOException(file + " is a directory, but must be a file for the results");
        }
        return file;
    }
}
