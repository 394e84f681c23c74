package dev.bowline.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What {@code docs/guarantees.md} calls as its witnesses is there. */
class GuaranteesPageTest {
    private static final Path PAGE = Path.of("docs", "guarantees.md");
    private static final Pattern JAVA = Pattern.compile("`(\\w+Test)(?:\\.(\\w+))?`");
    private static final Pattern SCRIPT = Pattern.compile("`([\\w-]+\\.test\\.js)`(?: \\*([^*]+)\\*)?");
    private static final Pattern COMMAND = Pattern.compile("`scripts/([\\w-]+)(?: ([a-z]+))?");
    private static final Set<String> NOT_SOURCES = Set.of("target", "node_modules", ".git");

    /**
     * A test, or a command, that the page names.
     *
     * @param file the name of its file
     * @param within what stands in the file where it is; empty for the file alone
     */
    private record Witness(String file, String within) {}

    @TestFactory
    @DisplayName("every test and every command that the page names")
    Stream<DynamicTest> witnessesAreThere() throws IOException {
        Map<String, List<Path>> files = filesByName();
        List<Witness> witnesses = witnesses(Documents.text(PAGE));
        assertThat(witnesses).hasSizeGreaterThan(50);
        return witnesses.stream()
                .distinct()
                .map(witness -> dynamicTest(witness.toString(), () -> assertThat(
                                files.getOrDefault(witness.file, List.of()))
                        .anySatisfy(file -> assertThat(Files.readString(file)).contains(witness.within))));
    }

    @Test
    @DisplayName(
            "every row of a table that says what becomes of something names who shows it, or refers to the row above")
    void everyRowHasAWitness() {
        List<String> without = new ArrayList<>();
        boolean shown = false;
        for (String line : Documents.text(PAGE).lines().toList()) {
            if (!line.startsWith("|")) {
                shown = false;
            } else if (line.endsWith("| shown by |")) {
                shown = true;
            } else if (shown && !line.startsWith("|---")) {
                String last = line.substring(line.lastIndexOf('|', line.length() - 2));
                if (witnesses(last).isEmpty() && !last.contains("the same")) {
                    without.add(line);
                }
            }
        }
        assertThat(without).isEmpty();
    }

    @Test
    void witnessesAreFound() {
        assertThat(witnesses(
                        "`ATest.b`, `CTest`; `d-e.test.js` *f, g*, `scripts/prove nodes --minutes 3`, `scripts/soak`"))
                .containsExactly(
                        new Witness("ATest.java", "void b("),
                        new Witness("CTest.java", ""),
                        new Witness("d-e.test.js", "f, g"),
                        new Witness("prove", "nodes)"),
                        new Witness("soak", ""));
    }

    private static List<Witness> witnesses(String text) {
        List<Witness> witnesses = new ArrayList<>();
        JAVA.matcher(text)
                .results()
                .forEach(found -> witnesses.add(new Witness(
                        found.group(1) + ".java", found.group(2) == null ? "" : "void " + found.group(2) + "(")));
        SCRIPT.matcher(text)
                .results()
                .forEach(found ->
                        witnesses.add(new Witness(found.group(1), found.group(2) == null ? "" : found.group(2))));
        COMMAND.matcher(text)
                .results()
                .forEach(found ->
                        witnesses.add(new Witness(found.group(1), found.group(2) == null ? "" : found.group(2) + ")")));
        return witnesses;
    }

    private static Map<String, List<Path>> filesByName() throws IOException {
        Map<String, List<Path>> files = new HashMap<>();
        Files.walkFileTree(Documents.ROOT, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                return NOT_SOURCES.contains(directory.getFileName().toString())
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                files.computeIfAbsent(file.getFileName().toString(), name -> new ArrayList<>())
                        .add(file);
                return FileVisitResult.CONTINUE;
            }
        });
        return files;
    }
}
