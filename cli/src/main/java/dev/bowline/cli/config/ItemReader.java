package dev.bowline.cli.config;

import java.util.ArrayList;
import java.util.List;

/** Reads texts as the types of their settings want it. */
final class ItemReader {
    private ItemReader() {}

    /** Reads a value; of a list, values parted by commas. */
    static void read(Item item, String text, Place place, Values into, List<Problem> problems) {
        if (item instanceof Setting<?> setting) {
            read(setting, text, place, into, problems);
        } else if (item instanceof ListSetting<?> list) {
            List<Given> all = new ArrayList<>();
            for (String one : text.split(",", -1)) {
                if (!one.isBlank()) {
                    all.add(new Given(one.strip(), place));
                }
            }
            read(list, all, place, into, problems);
        } else {
            throw new IllegalArgumentException(item.path() + " has no value");
        }
    }

    /** A text, and where it stands. */
    record Given(String text, Place place) {}

    static <T> void read(Setting<T> setting, String text, Place place, Values into, List<Problem> problems) {
        try {
            into.set(setting, setting.type().read(text), place);
        } catch (IllegalArgumentException e) {
            problems.add(new Problem(place, complaint(setting, setting.type(), text, e)));
        }
    }

    static <T> void read(ListSetting<T> list, List<Given> all, Place place, Values into, List<Problem> problems) {
        List<T> values = new ArrayList<>();
        for (Given one : all) {
            try {
                values.add(list.type().read(one.text));
            } catch (IllegalArgumentException e) {
                problems.add(new Problem(one.place, complaint(list, list.type(), one.text, e)));
            }
        }
        into.set(list, values, place);
    }

    private static String complaint(Item item, Type<?> type, String text, IllegalArgumentException why) {
        String shown = type.isSecret() ? "" : " is \"" + text + "\", but";
        String more = why.getMessage() == null || why instanceof NumberFormatException ? "" : ": " + why.getMessage();
        return item.path() + shown + " must be " + type.allowed() + more;
    }
}
