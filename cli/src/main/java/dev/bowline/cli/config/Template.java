package dev.bowline.cli.config;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * Writes a configuration to begin with: all that can be set, with what it means and its default; and set is what a server needs that is not to
 * be open to everybody, with fresh secrets.
 */
public final class Template {
    private static final int WIDTH = 110;
    private static final int SECRET_BYTES = 32;

    private final SecureRandom random = new SecureRandom();
    private final List<String> lines = new ArrayList<>();
    private final Map<Item, List<String>> set = Map.of(
            Settings.TOPICS,
            List.of(
                    "- pattern: public.>",
                    "  subscribe: everyone",
                    "  publish: nobody",
                    "- pattern: chat.>",
                    "  subscribe: users",
                    "  publish: users",
                    "  presence: users"),
            Settings.KEYS,
            List.of("- id: first", "  algorithm: hs256", "  secret: " + secret()),
            Settings.TICKET_SECRET,
            List.of(secret()),
            Settings.API_KEYS,
            List.of("- " + secret()),
            Settings.DEMO_ENABLED,
            List.of("false"));

    private Template() {}

    /** A new one, with secrets that no other has. */
    public static String fresh() {
        Template template = new Template();
        template.lines.add("# Bowline's configuration. What is commented out, as #port: 3000, is the default.");
        template.lines.add(
                "# bowline check-config FILE says what is wrong with it; bowline serve --config FILE serves it.");
        template.section(Settings.TOP, "");
        return String.join("\n", template.lines) + "\n";
    }

    private String secret() {
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private void section(Section section, String indent) {
        for (Item item : section.items()) {
            if (indent.isEmpty()) {
                lines.add("");
            }
            comment(item.help(), indent);
            if (item instanceof Section inner) {
                lines.add(indent + inner.name() + ":"); // which may be empty
                section(inner, indent + "  ");
            } else {
                value(item, indent);
            }
        }
    }

    private void value(Item item, String indent) {
        List<String> values = set.get(item);
        if (item instanceof Setting<?> setting) {
            lines.add(
                    values != null
                            ? indent + item.name() + ": " + values.get(0)
                            : indent + "#" + item.name() + ":" + standard(setting));
            return;
        }
        if (item instanceof Group group) {
            group.member()
                    .items()
                    .forEach(key -> comment(key.name() + ": " + key.help() + example(key), indent + "  "));
        }
        if (values == null) {
            lines.add(indent + "#" + item.name() + ": []");
        } else {
            lines.add(indent + item.name() + ":");
            values.forEach(value -> lines.add(indent + "  " + value));
        }
    }

    private static <T> String standard(Setting<T> setting) {
        T standard = setting.standard();
        return standard == null ? "" : " " + quoted(setting.type().write(standard));
    }

    private static String example(Item item) {
        return item instanceof Setting<?> setting && setting.standard() != null
                ? " Default:" + standard(setting) + "."
                : "";
    }

    private static String quoted(String text) {
        return text.isEmpty() || text.equals(">") ? '"' + text + '"' : text;
    }

    private void comment(String text, String indent) {
        String start = indent + "# ";
        StringBuilder line = new StringBuilder(start);
        for (String word : text.split(" ", -1)) {
            if (line.length() + word.length() + 1 > WIDTH && line.length() > start.length()) {
                lines.add(line.toString());
                line = new StringBuilder(start);
            }
            line.append(line.length() > start.length() ? " " : "").append(word);
        }
        lines.add(line.toString());
    }
}
