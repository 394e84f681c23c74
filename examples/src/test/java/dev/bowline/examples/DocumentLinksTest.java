package dev.bowline.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;

/** Links of the pages lead somewhere, pictures can be shown, and no page or picture is left that nothing leads to. */
class DocumentLinksTest {
    private static final Pattern FENCE = Pattern.compile("(?ms)^ *```.*?^ *``` *$");
    private static final Pattern CODE = Pattern.compile("`[^`]*`");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^()\\s]+)\\)");
    private static final Pattern NAMELESS_PICTURE = Pattern.compile("!\\[\\s*\\]\\(([^()\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} +(.*?) *$");
    private static final Pattern LINK_IN_HEADING = Pattern.compile("\\[([^\\]]*)\\]\\([^)]*\\)");
    private static final Pattern NOT_IN_ANCHORS = Pattern.compile("[^\\p{L}\\p{M}\\p{N}_ -]");
    private static final Pattern ELSEWHERE = Pattern.compile("[a-z]+:.*");

    @TestFactory
    @DisplayName("every relative link of a page leads to a file, and to a heading in it where it names one")
    Stream<DynamicTest> linksLeadSomewhere() throws IOException {
        return Documents.pages().stream()
                .map(page -> dynamicTest(
                        page.toString(), () -> assertThat(broken(page, Documents.text(page), DocumentLinksTest::exists))
                                .isEmpty()));
    }

    @TestFactory
    @DisplayName("every picture is well-formed, says that it is one, and is shown by a page")
    Stream<DynamicTest> picturesAreShown() throws IOException {
        Set<Path> shown = new TreeSet<>();
        for (Path page : Documents.pages()) {
            targets(Documents.text(page)).forEach(target -> shown.add(resolve(page, target)));
        }
        return filesOfDocs(".svg").stream()
                .map(picture -> dynamicTest(picture.toString(), () -> {
                    Element root = parse(Documents.ROOT.resolve(picture));
                    assertThat(root.getTagName()).isEqualTo("svg");
                    assertThat(root.getAttribute("role")).isEqualTo("img");
                    assertThat(root.getAttribute("viewBox")).isNotEmpty();
                    assertThat(shown).contains(picture);
                }));
    }

    @TestFactory
    @DisplayName("pictures have a text in their place")
    Stream<DynamicTest> picturesHaveNames() throws IOException {
        return Documents.pages().stream()
                .map(page -> dynamicTest(page.toString(), () -> assertThat(namelessPictures(Documents.text(page)))
                        .isEmpty()));
    }

    @Test
    @DisplayName("the index of docs/ lists every page there")
    void theIndexIsComplete() throws IOException {
        Path index = Path.of("docs", "README.md");
        Set<Path> listed = new TreeSet<>();
        targets(Documents.text(index)).forEach(target -> listed.add(resolve(index, target)));
        assertThat(listed)
                .containsAll(filesOfDocs(".md").stream()
                        .filter(page -> !page.equals(index))
                        .toList());
    }

    // ---- The check itself ----

    @Test
    void aLinkIsBrokenWhereItsFileOrItsHeadingIsMissing() {
        String page = """
                # One page
                [a](other.md), [b](gone.md), [c](#one-page), [d](#another), [e](https://example.com/gone),
                [over two
                lines](gone-too.md) and `[code](gone.md)`
                ```md
                [block](gone.md)
                # Another
                ```
                """;
        Path there = Path.of("docs", "page.md");
        assertThat(broken(there, page, file -> file.equals(Path.of("docs", "other.md")) || file.equals(there)))
                .containsExactly("gone.md", "#another", "gone-too.md");
    }

    @Test
    void aLinkMayLeaveItsDirectory() {
        List<Path> asked = new ArrayList<>();
        assertThat(broken(Path.of("docs", "page.md"), "[up](../README.md)", asked::add))
                .isEmpty();
        assertThat(asked).containsExactly(Path.of("README.md"));
    }

    @Test
    void aPictureWithoutATextIsFound() {
        assertThat(namelessPictures("![a](a.svg) ![](b.svg) ![ ](c.svg) [](d.md)"))
                .containsExactly("b.svg", "c.svg");
    }

    @Test
    void anchorsAreMadeAsMarkdownIsShown() {
        assertThat(anchors("# A `B.c`, and: d\n## A `B.c`, and: d\n### [Link](x.md) – ok\n## 中文\n"))
                .containsExactly("a-bc-and-d", "a-bc-and-d-1", "link--ok", "中文");
    }

    private static List<String> broken(Path page, String text, Predicate<Path> exists) {
        List<String> broken = new ArrayList<>();
        for (String target : targets(text)) {
            int sharp = target.indexOf('#');
            String file = sharp < 0 ? target : target.substring(0, sharp);
            String anchor = sharp < 0 ? "" : target.substring(sharp + 1);
            Path there = file.isEmpty() ? page : resolve(page, file);
            if (!exists.test(there)) {
                broken.add(target);
            } else if (!anchor.isEmpty()) {
                String named = there.equals(page) ? text : Documents.text(there);
                if (!anchors(named).contains(anchor)) {
                    broken.add(target);
                }
            }
        }
        return broken;
    }

    /** All relative ones, with their anchors. */
    private static List<String> targets(String text) {
        return LINK.matcher(withoutCode(text))
                .results()
                .map(found -> found.group(1))
                .filter(target -> !ELSEWHERE.matcher(target).matches())
                .toList();
    }

    private static List<String> namelessPictures(String text) {
        return NAMELESS_PICTURE
                .matcher(withoutCode(text))
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    private static String withoutCode(String text) {
        return CODE.matcher(FENCE.matcher(text).replaceAll("")).replaceAll("");
    }

    /** What headings can be linked to by, as the usual hosts of repositories make it. */
    private static Set<String> anchors(String text) {
        Set<String> anchors = new LinkedHashSet<>();
        Map<String, Integer> times = new HashMap<>();
        HEADING.matcher(FENCE.matcher(text).replaceAll("")).results().forEach(found -> {
            String plain =
                    LINK_IN_HEADING.matcher(found.group(1)).replaceAll("$1").toLowerCase(Locale.ROOT);
            String anchor = NOT_IN_ANCHORS.matcher(plain).replaceAll("").replace(' ', '-');
            int before = times.merge(anchor, 1, Integer::sum) - 1;
            anchors.add(before == 0 ? anchor : anchor + "-" + before);
        });
        return anchors;
    }

    private static Path resolve(Path page, String target) {
        int sharp = target.indexOf('#');
        String file = sharp < 0 ? target : target.substring(0, sharp);
        return page.resolveSibling(file).normalize();
    }

    private static boolean exists(Path fromTheRoot) {
        return Files.exists(Documents.ROOT.resolve(fromTheRoot));
    }

    private static List<Path> filesOfDocs(String end) throws IOException {
        try (Stream<Path> files = Files.walk(Documents.ROOT.resolve("docs"))) {
            return files.filter(file -> file.toString().endsWith(end))
                    .map(Documents.ROOT::relativize)
                    .sorted()
                    .toList();
        }
    }

    private static Element parse(Path picture) throws IOException, SAXException, ParserConfigurationException {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(picture.toFile())
                .getDocumentElement();
    }
}
