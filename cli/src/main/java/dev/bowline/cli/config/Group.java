package dev.bowline.cli.config;

/** Any number of sections with the same keys; none by default. In an environment variable they stand as YAML. */
public final class Group implements Item {
    private final Section parent;
    private final String name;
    private final String help;
    private final Section member;

    Group(Section parent, String name, String help) {
        this.parent = parent;
        this.name = name;
        this.help = help;
        this.member = Section.member(parent, name + "[]", help);
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

    /** The keys of each. */
    public Section member() {
        return member;
    }
}
