package dev.bowline.cli.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemplateTest {
    @TempDir
    private Path directory = Path.of("");

    private Values read(String text) throws Exception {
        Path file = Files.writeString(directory.resolve("bowline.yaml"), text);
        return ConfigurationReader.read(file, Map.of(), new Options());
    }

    @Test
    void canBeServedAsItIs() throws Exception {
        Values values = read(Template.fresh());
        assertThat(Settings.isDemo(values)).isFalse();
        assertThat(values.all(Settings.KEYS)).hasSize(1);
        assertThat(values.all(Settings.API_KEYS)).hasSize(1);
        assertThat(values.find(Settings.TICKET_SECRET)).hasSizeGreaterThanOrEqualTo(32);
        assertThat(values.all(Settings.TOPICS)).hasSize(2);
    }

    @Test
    void hasOtherSecretsEachTime() throws Exception {
        assertThat(read(Template.fresh()).all(Settings.API_KEYS))
                .doesNotContainAnyElementsOf(read(Template.fresh()).all(Settings.API_KEYS));
    }

    @Test
    void namesEverySettingWithItsMeaning() {
        String text = Template.fresh().replaceAll("\\n *# ", " ");
        for (Item item : all(Settings.TOP, new ArrayList<>())) {
            assertThat(text).contains(item.name() + ":").contains(item.help());
        }
    }

    @Test
    void showsDefaultsThatCanBeSetAsTheyStandThere() throws Exception {
        String text = Template.fresh().replaceAll("(?m)^( *)#([A-Za-z]+: .*)$", "$1$2");
        Values values = read(text);
        for (Item item : all(Settings.TOP, new ArrayList<>())) {
            if (item instanceof Setting<?> setting
                    && setting.standard() != null
                    && !item.path().contains("[]")) {
                assertThat(values.isGiven(setting)).as(item.path()).isTrue();
                if (setting != Settings.DEMO_ENABLED) {
                    assertThat(values.find(setting)).as(item.path()).isEqualTo(setting.standard());
                }
            }
        }
    }

    private static List<Item> all(Section section, List<Item> found) {
        for (Item item : section.items()) {
            found.add(item);
            if (item instanceof Section inner) {
                all(inner, found);
            } else if (item instanceof Group group) {
                all(group.member(), found);
            }
        }
        return found;
    }
}
