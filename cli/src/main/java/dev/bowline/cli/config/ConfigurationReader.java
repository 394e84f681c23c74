package dev.bowline.cli.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads a configuration: a file, over that the environment, and over that what the command line says. */
public final class ConfigurationReader {
    /** Variables of that prefix that say something else. */
    private static final List<String> OTHERS =
            List.of("BOWLINE_CONFIG", "BOWLINE_JAVA_OPTIONS", "BOWLINE_TOKEN_KEY", "BOWLINE_API_KEY", "BOWLINE_TOKEN");

    private final List<Problem> problems = new ArrayList<>();

    private ConfigurationReader() {}

    /**
     * Reads it, and checks it as a whole.
     *
     * @param file null for none
     * @param environment all variables; those of {@code BOWLINE_…} count
     * @param options what stands above both
     * @throws ConfigurationException for all that is wrong
     */
    public static Values read(@Nullable Path file, Map<String, String> environment, Options options)
            throws ConfigurationException {
        ConfigurationReader reader = new ConfigurationReader();
        Values inFile = file == null ? new Values() : reader.file(file);
        Values all = options.values().over(reader.environment(environment).over(inFile));
        if (reader.problems.isEmpty()) {
            reader.problems.addAll(Contradictions.in(all));
        }
        if (!reader.problems.isEmpty()) {
            throw new ConfigurationException(reader.problems);
        }
        return all;
    }

    private Values file(Path file) {
        String text;
        try {
            text = Files.readString(file);
        } catch (NoSuchFileException e) {
            return nothing(file, "there is no such file; bowline init " + file + " makes one");
        } catch (CharacterCodingException e) {
            return nothing(file, "it is not UTF-8");
        } catch (IOException e) {
            return nothing(file, "it can't be read: " + e.getMessage());
        }
        return new YamlReader(problems).read(text, line -> Place.ofLine(file, line));
    }

    private Values nothing(Path file, String why) {
        problems.add(new Problem(Place.ofFile(file), why));
        return new Values();
    }

    private Values environment(Map<String, String> environment) {
        Map<String, Item> known = new TreeMap<>();
        addVariables(Settings.TOP, known);
        Values values = new Values();
        new TreeMap<>(environment).forEach((name, text) -> {
            if (!name.startsWith(Environment.PREFIX) || OTHERS.contains(name)) {
                return;
            }
            Item item = known.get(name);
            Place place = Place.ofVariable(name);
            if (item == null) {
                String near = Nearest.suggestion(name, known.keySet());
                String more = near.isEmpty() ? "; bowline init shows all" : near;
                problems.add(new Problem(place, "there is no such setting" + more));
            } else if (item instanceof Group group) {
                new YamlReader(problems).read(text, line -> place, group, values);
            } else {
                ItemReader.read(item, text, place, values, problems);
            }
        });
        return values;
    }

    private static void addVariables(Section section, Map<String, Item> known) {
        for (Item item : section.items()) {
            if (item instanceof Section inner) {
                addVariables(inner, known);
            } else {
                known.put(item.variable(), item);
            }
        }
    }
}
