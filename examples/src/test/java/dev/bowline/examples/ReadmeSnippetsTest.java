package dev.bowline.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the README and other pages show is what the examples hold, word for word.
 *
 * <p>A page announces a snippet by {@code <!-- snippet: path/from/the/root#region -->}, followed by a fenced code block. In
 * the file the region lies between {@code snippet:region} and {@code end:region}, each in a comment on a line of its own.
 */
class ReadmeSnippetsTest {
    private static final Pattern ANNOUNCEMENT = Pattern.compile("<!-- snippet: (\\S+)#(\\S+) -->");
    private static final Path ROOT = Documents.ROOT;
    private static final List<String> PAGES = List.of(
            "README.md",
            "README.zh-CN.md",
            "docs/sessions.md",
            "docs/streaming.md",
            "docs/deployment.md",
            "docs/testing.md",
            "docs/spring-boot.md");

    /** One snippet of a page: where its text comes from, and the text that the page shows. */
    private record Snippet(String file, String region, String shown) {}

    @TestFactory
    Stream<DynamicTest> everySnippetIsTheExampleItself() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (String page : PAGES) {
            for (Snippet snippet : snippets(Files.readString(ROOT.resolve(page)))) {
                tests.add(dynamicTest(
                        page + ": " + snippet.file() + "#" + snippet.region(), () -> assertThat(snippet.shown())
                                .isEqualTo(region(Files.readString(ROOT.resolve(snippet.file())), snippet.region()))));
            }
        }
        return tests.stream();
    }

    @Test
    void bothLanguagesShowTheSameSnippets() throws IOException {
        assertThat(snippets(Files.readString(ROOT.resolve("README.zh-CN.md"))))
                .isEqualTo(snippets(Files.readString(ROOT.resolve("README.md"))));
    }

    @Test
    void aSnippetIsTheBlockAfterItsAnnouncement() {
        String page = "# Title\n\n<!-- snippet: a/B.java#one -->\n```java\nint a;\n\nint b;\n```\n\n```sh\nls\n```\n";
        assertThat(snippets(page)).containsExactly(new Snippet("a/B.java", "one", "int a;\n\nint b;\n"));
    }

    @Test
    void anAnnouncementWithoutABlockIsAnError() {
        assertThatThrownBy(() -> snippets("<!-- snippet: a/B.java#one -->\nno block\n"))
                .hasMessage("a/B.java#one is not followed by a code block");
        assertThatThrownBy(() -> snippets("<!-- snippet: a/B.java#one -->\n```java\nint a;\n"))
                .hasMessage("a/B.java#one is not followed by a code block");
    }

    @Test
    void aRegionLosesTheIndentationThatAllItsLinesShare(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("B.java");
        Files.writeString(
                file,
                "class B {\n    // snippet:one\n    void b() {\n\n        c();\n    }\n    // end:one\n    // snippet:ones\n}\n");
        assertThat(region(Files.readString(file), "one")).isEqualTo("void b() {\n\n    c();\n}\n");
    }

    @Test
    void aRegionInHtmlIsMarkedByHtmlComments() {
        assertThat(region("<p>\n  <!-- snippet:page -->\n  <b>x</b>\n  <!-- end:page -->\n</p>\n", "page"))
                .isEqualTo("<b>x</b>\n");
    }

    @Test
    void aRegionThatIsMissingOrOpenIsAnError() {
        assertThatThrownBy(() -> region("int a;\n", "one")).hasMessage("there is no region one");
        assertThatThrownBy(() -> region("// snippet:one\nint a;\n", "one")).hasMessage("region one has no end");
    }

    private static List<Snippet> snippets(String page) {
        List<Snippet> snippets = new ArrayList<>();
        List<String> lines = page.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            Matcher announcement = ANNOUNCEMENT.matcher(lines.get(i));
            if (!announcement.matches()) {
                continue;
            }
            int start = i + 1;
            while (start < lines.size() && lines.get(start).isBlank()) {
                start++;
            }
            int end = start + 1;
            while (end < lines.size() && !lines.get(end).equals("```")) {
                end++;
            }
            if (end >= lines.size() || !lines.get(start).startsWith("```")) {
                throw new IllegalStateException(
                        announcement.group(1) + "#" + announcement.group(2) + " is not followed by a code block");
            }
            snippets.add(
                    new Snippet(announcement.group(1), announcement.group(2), text(lines.subList(start + 1, end))));
            i = end;
        }
        return snippets;
    }

    private static String region(String source, String name) {
        List<String> lines = source.lines().toList();
        int start = indexOfMark(lines, "snippet:" + name);
        int end = indexOfMark(lines, "end:" + name);
        if (start < 0) {
            throw new IllegalStateException("there is no region " + name);
        }
        if (end < start) {
            throw new IllegalStateException("region " + name + " has no end");
        }
        // Without the last line break, or the empty line after it would count as one that is not indented.
        return String.join("\n", lines.subList(start + 1, end)).stripIndent() + "\n";
    }

    private static int indexOfMark(List<String> lines, String mark) {
        Pattern pattern = Pattern.compile("\\s*(//|<!--)\\s*" + Pattern.quote(mark) + "(\\s*-->)?\\s*");
        for (int i = 0; i < lines.size(); i++) {
            if (pattern.matcher(lines.get(i)).matches()) {
                return i;
            }
        }
        return -1;
    }

    private static String text(List<String> lines) {
        StringBuilder text = new StringBuilder();
        for (String line : lines) {
            text.append(line).append('\n');
        }
        return text.toString();
    }
}
