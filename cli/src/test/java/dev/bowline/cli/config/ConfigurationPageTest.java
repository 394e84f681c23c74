package dev.bowline.cli.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@code docs/configuration.md} says of the settings is what the catalogue says. */
class ConfigurationPageTest {
    private static final String BEGIN = "<!-- settings -->\n";
    private static final String END = "<!-- /settings -->\n";

    private final List<String> lines = new ArrayList<>();

    @Test
    void theReferenceHasEverySetting() {
        String page = read("docs/configuration.md");
        assertThat(page).contains(BEGIN, END);
        Settings.TOP.items().forEach(this::chapter);
        String generated = String.join("\n", lines) + "\n";
        assertThat(page.substring(page.indexOf(BEGIN) + BEGIN.length(), page.indexOf(END)))
                .as("between the marks must stand:%n%s", generated)
                .isEqualTo(generated);
    }

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

    private void chapter(Item item) {
        lines.addAll(List.of("", "### " + item.name(), ""));
        if (!(item instanceof Setting<?>)) {
            lines.addAll(List.of(plain(item.help()), ""));
        }
        if (item instanceof Group group) {
            lines.addAll(List.of("A list; as a whole it is `" + group.variable() + "`, in YAML. Each of it has:", ""));
        }
        lines.addAll(List.of("| setting | value | default | meaning |", "|---|---|---|---|"));
        row(item);
    }

    private void row(Item item) {
        if (item instanceof Section section) {
            section.items().forEach(this::row);
        } else if (item instanceof Group group) {
            if (group.parent() != Settings.TOP) { // of others the chapter says it
                row(group, "a list; each has what follows. In the variable, as YAML", "none");
            }
            group.member().items().forEach(this::row);
        } else if (item instanceof Setting<?> setting) {
            row(setting, setting.type().allowed(), standard(setting));
        } else if (item instanceof ListSetting<?> list) {
            row(list, "a list; each " + list.type().allowed(), "none");
        }
    }

    private void row(Item item, String value, String standard) {
        boolean ofGroup = item.path().contains("[]");
        String variable = ofGroup ? "" : "<br>`" + item.variable() + "`";
        lines.add("| `" + item.path() + "`" + variable + " | " + plain(value) + " | " + standard + " | "
                + plain(item.help()) + " |");
    }

    private static <T> String standard(Setting<T> setting) {
        T standard = setting.standard();
        return standard == null ? "none" : "`" + setting.type().write(standard) + "`";
    }

    /** Without what Markdown would take for its own. */
    private static String plain(String text) {
        return text.replace("|", "\\|").replace("*", "\\*").replace("[", "\\[").replace("<", "&lt;");
    }
}
