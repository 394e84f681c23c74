package dev.bowline.cli.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bowline.cli.config.ConfigurationReader;
import dev.bowline.cli.config.Item;
import dev.bowline.cli.config.Options;
import dev.bowline.cli.config.Settings;
import dev.bowline.cli.config.Values;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** What {@code docs/webhooks.md} shows is so. */
class WebhooksPageTest {
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final Pattern BLOCK = Pattern.compile("^```(\\w+)\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
    private static final String PAGE = read();

    @TempDir
    private Path directory = Path.of("");

    private static String read() {
        try {
            return Files.readString(Path.of("..", "docs", "webhooks.md"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> blocks(String language) {
        List<String> found = BLOCK.matcher(PAGE)
                .results()
                .filter(block -> block.group(1).equals(language))
                .map(block -> block.group(2))
                .toList();
        assertThat(found).as(language).isNotEmpty();
        return found;
    }

    @Test
    void theConfigurationCanBeServed() throws Exception {
        Path file = Files.writeString(
                directory.resolve("bowline.yaml"), blocks("yaml").get(0));
        Values values = ConfigurationReader.read(file, Map.of(), new Options());
        assertThat(values.all(Settings.HOOKS)).hasSize(1);
        assertThat(values.all(Settings.REQUESTS)).hasSize(1);
    }

    @Test
    void namesEverySettingAndEvent() {
        for (Item setting : Settings.HOOKS.member().items()) {
            assertThat(PAGE).contains(setting.name());
        }
        for (Item setting : Settings.REQUESTS.member().items()) {
            assertThat(PAGE).contains(setting.name());
        }
        for (EventType type : EventType.values()) {
            assertThat(PAGE).contains("| `" + type.word() + "` |");
        }
    }

    @Test
    void showsJson() throws Exception {
        for (String block : blocks("json")) {
            assertThat(new ObjectMapper().readTree(block).isObject()).as(block).isTrue();
        }
    }

    // ---- The programs ----

    /** How a language runs a program, and how that calls the page's function with what stands in the environment. */
    private record Language(String name, List<String> interpreter, String call) {
        private static final Language PYTHON = new Language("python", List.of("python3", "-c"), """
                import os
                headers = {name: os.environ[name] for name in ('webhook-id', 'webhook-timestamp', 'webhook-signature')}
                print(is_genuine(os.environ['secret'], headers, os.environ['body'].encode()))
                """);
        private static final Language JAVASCRIPT = new Language("js", List.of("node", "-e"), """
                console.log(isGenuine(process.env.secret, process.env, Buffer.from(process.env.body)));
                """);
        private static final Language PHP = new Language("php", List.of("php", "-r"), """
                echo var_export(is_genuine(getenv('secret'), getenv(), getenv('body')), true);
                """);

        boolean isThere() {
            return Stream.of(String.valueOf(System.getenv("PATH")).split(":", -1))
                    .anyMatch(folder -> Files.isExecutable(Path.of(folder, interpreter.get(0))));
        }

        String run(Map<String, String> environment) throws IOException, InterruptedException {
            List<String> command = new ArrayList<>(interpreter);
            List<String> blocks = blocks(name);
            command.add(blocks.get(blocks.size() - 1) + call);
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().putAll(environment);
            Process process = builder.start();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(name + " does not end; it printed " + out);
            }
            return out.strip();
        }
    }

    @TestFactory
    Stream<DynamicTest> programsKnowWhatIsGenuine() {
        return Stream.of(Language.PYTHON, Language.JAVASCRIPT, Language.PHP)
                .map(language -> dynamicTest(language.name, () -> {
                    Assumptions.assumeTrue(language.isThere(), language.interpreter.get(0) + " is missing");
                    long now = Instant.now().getEpochSecond();
                    assertThat(language.run(signed(now))).isEqualToIgnoringCase("true");
                    assertThat(language.run(signed(now - 301))).as("old").isEqualToIgnoringCase("false");
                    Map<String, String> changed = new HashMap<>(signed(now));
                    changed.put("body", "{\"paid\":9}");
                    assertThat(language.run(changed)).as("changed").isEqualToIgnoringCase("false");
                }));
    }

    private static Map<String, String> signed(long timestamp) {
        String body = "{\"paid\":1}";
        return Map.of(
                "secret",
                SECRET,
                "body",
                body,
                "webhook-id",
                "msg_1",
                "webhook-timestamp",
                Long.toString(timestamp),
                "webhook-signature",
                "v1,AAAA " + SigningSecret.of(SECRET).sign("msg_1", timestamp, body.getBytes(StandardCharsets.UTF_8)));
    }
}
