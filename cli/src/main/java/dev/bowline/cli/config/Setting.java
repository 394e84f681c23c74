package dev.bowline.cli.config;

import org.jspecify.annotations.Nullable;

/**
 * One value that can be set. Settings are compared by identity.
 *
 * @param <T> what it is read as
 */
public final class Setting<T> implements Item {
    private final Section parent;
    private final String name;
    private final Type<T> type;
    private final @Nullable T standard;
    private final String help;

    Setting(Section parent, String name, Type<T> type, @Nullable T standard, String help) {
        this.parent = parent;
        this.name = name;
        this.type = type;
        this.standard = standard;
        this.help = help;
    }

    @Override
    public Section parent() {
        return parent;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String help() {
        return help;
    }

    public Type<T> type() {
        return type;
    }

    /** What holds if it is not set; null for nothing. */
    public @Nullable T standard() {
        return standard;
    }

    @Override
    public String toString() {
        return path();
    }
}
