package dev.bowline.cli.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bowline.realtime.SessionClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What {@code docs/http-api.md} shows does what it shows. */
class HttpApiPageTest extends ApiTestBase {
    /** A block of code, with its language; and the one that follows at once, which shows what it prints. */
    private static final Pattern BLOCK = Pattern.compile(
            "^```(\\w*)\\n(.*?)^```\\n(?:^```(?:json)?\\n(.*?)^```\\n)?", Pattern.MULTILINE | Pattern.DOTALL);

    private static List<String> interpreter(String language) {
        return switch (language) {
            case "sh" -> List.of("bash", "-e", "-u", "-o", "pipefail", "-c");
            case "python" -> List.of("python3", "-c");
            case "js" -> List.of("node", "-e");
            case "php" -> List.of("php", "-r");
            default -> throw new IllegalArgumentException(language);
        };
    }

    private static final String PAGE = read("docs/http-api.md");

    private static String read(String path) {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.exists(directory.resolve(path))) {
            Path parent = directory.getParent();
            if (parent == null) {
                throw new IllegalStateException(
                        path + " is not above " + Path.of("").toAbsolutePath());
            }
            directory = parent;
        }
        try {
            return Files.readString(directory.resolve(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isThere(String program) {
        return Stream.of(System.getenv("PATH").split(":", -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    private static List<MatchResult> blocks(String language) {
        List<MatchResult> found = BLOCK.matcher(PAGE)
                .results()
                .filter(block -> block.group(1).equals(language))
                .toList();
        assertThat(found).as(language).isNotEmpty();
        return found;
    }

    /** In order, as one command shows what those before it did. */
    @Test
    void commandsPrintWhatThePageShows() throws Exception {
        Assumptions.assumeTrue(isThere("curl"), "curl is missing; Debian's package curl has it");
        readBoth(client("42"));
        for (MatchResult block : blocks("sh")) {
            String shown = block.group(3);
            assertThat(shown).as("what is printed by " + block.group(2)).isNotNull();
            assertThat(run("sh", block.group(2))).as(block.group(2)).matches(pattern(shown.strip()));
        }
    }

    private static void readBoth(SessionClient client) {
        for (String topic : List.of("$mailbox", "chat.lobby")) {
            client.subscribe(topic, (name, offset, payload) -> {})
                    .ready()
                    .toCompletableFuture()
                    .join();
        }
    }

    /** An ellipsis stands for what is another one each time. */
    private static Pattern pattern(String shown) {
        StringBuilder pattern = new StringBuilder();
        for (String part : shown.split("…", -1)) {
            pattern.append(pattern.isEmpty() ? "" : "[^\"]+").append(Pattern.quote(part));
        }
        return Pattern.compile(pattern.toString());
    }

    @TestFactory
    Stream<DynamicTest> programsPublish() {
        return Stream.of("python", "js", "php")
                .map(language -> dynamicTest(language, () -> {
                    String program = interpreter(language).get(0);
                    Assumptions.assumeTrue(isThere(program), program + " is missing");
                    for (MatchResult block : blocks(language)) {
                        String offset = run(language, block.group(2));
                        JsonNode last =
                                get("/v1/topics/orders/messages?last=1").json().at("/messages/0");
                        assertThat(offset).isEqualTo(last.get("offset").asText());
                        assertThat(last.get("text").asText()).contains("\"paid\"");
                        assertThat(run(language, block.group(2)))
                                .as("tried again")
                                .isEqualTo(offset);
                    }
                }));
    }

    private String run(String language, String code) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(interpreter(language));
        command.add(code.replace("<?php\n", ""));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("API", "http://127.0.0.1:" + port());
        builder.environment().put("KEY", KEY);
        builder.environment().put("no_proxy", "127.0.0.1");
        Path err = Files.createTempFile("http-api", ".err");
        Process process = builder.redirectError(err.toFile()).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        assertThat(process.exitValue())
                .as(code + " printed " + out + Files.readString(err))
                .isZero();
        Files.delete(err);
        return out.strip();
    }

    @Test
    void namesEveryRequest() {
        TreeSet<String> named = new TreeSet<>();
        Pattern.compile("^\\| `([A-Z]+ /\\S+)` \\|", Pattern.MULTILINE)
                .matcher(PAGE)
                .results()
                .forEach(row -> named.add(row.group(1)));
        assertThat(named).isEqualTo(OpenApi.load().operations());
    }

    @Test
    void namesEveryCode() {
        TreeSet<String> named = new TreeSet<>();
        Pattern.compile("^\\| \\d{3}[^|]*\\|([^|]*)\\|", Pattern.MULTILINE)
                .matcher(PAGE)
                .results()
                .forEach(row -> Pattern.compile("`([a-z-]+)`")
                        .matcher(row.group(1))
                        .results()
                        .forEach(code -> named.add(code.group(1))));
        TreeSet<String> known = new TreeSet<>();
        OpenApi.load()
                .document()
                .at("/components/schemas/Problem/properties/code/enum")
                .forEach(code -> known.add(code.asText()));
        assertThat(named).isEqualTo(known);
    }
}
