package dev.bowline.cli.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the command line sets. Not thread-safe. */
public final class Options {
    private final Values values = new Values();

    /**
     * Sets a value.
     *
     * @param option its name, with hyphens
     * @param value null if the option was not given
     */
    public <T> Options set(String option, Setting<T> setting, @Nullable T value) {
        if (value != null) {
            values.set(setting, value, Place.ofOption(option));
        }
        return this;
    }

    /** Sets the values of a list, if there are any. */
    public <T> Options set(String option, ListSetting<T> setting, List<T> all) {
        if (!all.isEmpty()) {
            values.set(setting, all, Place.ofOption(option));
        }
        return this;
    }

    Values values() {
        return values;
    }
}
