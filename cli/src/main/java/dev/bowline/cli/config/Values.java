package dev.bowline.cli.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** What is set, and by whom; for what is not, the default. Filled by one thread while it is read, and not changed after that. */
public final class Values {
    private final Map<Item, Object> given = new HashMap<>();
    private final Map<Item, Place> places = new HashMap<>();

    private final Place where;

    Values() {
        this(Place.STANDARD);
    }

    /** @param where it begins, for one of a group's members */
    Values(Place where) {
        this.where = where;
    }

    <T> void set(Setting<T> setting, T value, Place place) {
        put(setting, value, place);
    }

    <T> void set(ListSetting<T> setting, List<T> values, Place place) {
        put(setting, List.copyOf(values), place);
    }

    void set(Group group, List<Values> members, Place place) {
        put(group, List.copyOf(members), place);
    }

    private void put(Item item, Object value, Place place) {
        given.put(item, value);
        places.put(item, place);
    }

    /** All of these, and of another one what is not set here. */
    Values over(Values other) {
        Values all = new Values();
        all.given.putAll(other.given);
        all.places.putAll(other.places);
        all.given.putAll(given);
        all.places.putAll(places);
        return all;
    }

    /**
     * A value, or its default.
     *
     * @throws NoSuchElementException if there is neither; {@link #find} is for those
     */
    public <T> T get(Setting<T> setting) {
        T value = find(setting);
        if (value == null) {
            throw new NoSuchElementException(setting.path());
        }
        return value;
    }

    /** A value, or its default; null if there is neither. */
    @SuppressWarnings("unchecked") // put there by a method with the setting's type
    public <T> @Nullable T find(Setting<T> setting) {
        Object value = given.get(setting);
        return value == null ? setting.standard() : (T) value;
    }

    /** The values of a list; none by default. */
    @SuppressWarnings("unchecked") // as above
    public <T> List<T> all(ListSetting<T> setting) {
        return (List<T>) given.getOrDefault(setting, List.of());
    }

    /** The members of a group; none by default. */
    @SuppressWarnings("unchecked") // as above
    public List<Values> all(Group group) {
        return (List<Values>) given.getOrDefault(group, List.of());
    }

    /**
     * A file, seen from the one that names it.
     *
     * @throws NoSuchElementException if it is not set
     */
    public Path file(Setting<Path> setting) {
        return place(setting).directory().resolve(get(setting));
    }

    /** Whether somebody has set it. */
    public boolean isGiven(Item item) {
        return given.containsKey(item);
    }

    /** Who has set it. */
    public Place place(Item item) {
        return places.getOrDefault(item, Place.STANDARD);
    }

    /** Where it begins, for one of a group's members. */
    public Place where() {
        return where;
    }

    /** What is set, as it may be shown: a line for each, with who has set it, and without secrets. */
    public List<String> describe() {
        List<String> lines = new ArrayList<>();
        describe(Settings.TOP, "", lines);
        return lines;
    }

    private void describe(Section section, String prefix, List<String> lines) {
        for (Item item : section.items()) {
            String path = prefix + item.name();
            if (item instanceof Section inner) {
                describe(inner, path + ".", lines);
            } else if (item instanceof Group group) {
                List<Values> members = all(group);
                for (int i = 0; i < members.size(); i++) {
                    members.get(i).describe(group.member(), path + "[" + i + "].", lines);
                }
            } else if (isGiven(item)) {
                lines.add(path + " = " + shown(item) + "  (" + place(item) + ")");
            }
        }
    }

    private String shown(Item item) {
        if (item instanceof Setting<?> setting) {
            return shown(setting);
        }
        if (item instanceof ListSetting<?> list) {
            return shown(list);
        }
        throw new IllegalArgumentException(item + " has no value");
    }

    private <T> String shown(Setting<T> setting) {
        return setting.type().isSecret() ? "…" : setting.type().write(get(setting));
    }

    private <T> String shown(ListSetting<T> list) {
        if (list.type().isSecret()) {
            return all(list).size() + " of them";
        }
        return String.join(", ", all(list).stream().map(list.type()::write).toList());
    }
}
