package dev.bowline.cli.config;

/**
 * Any number of values of one kind; none by default. In an environment variable they are parted by commas.
 *
 * @param <T> what each is read as
 */
public final class ListSetting<T> implements Item {
    private final Section parent;
    private final String name;
    private final Type<T> type;
    private final String help;

    ListSetting(Section parent, String name, Type<T> type, String help) {
        this.parent = parent;
        this.name = name;
        this.type = type;
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

    /** Of each. */
    public Type<T> type() {
        return type;
    }

    @Override
    public String toString() {
        return path();
    }
}
