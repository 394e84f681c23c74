package dev.bowline.cli.config;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keys that stand together. Filled while the catalogue is made, and immutable after that. */
public final class Section implements Item {
    private final @Nullable Section parent;
    private final String name;
    private final String help;
    private final Map<String, Item> items = new LinkedHashMap<>();

    private Section(@Nullable Section parent, String name, String help) {
        this.parent = parent;
        this.name = name;
        this.help = help;
    }

    /** The top of a configuration. */
    static Section top(String help) {
        return new Section(null, "", help);
    }

    /** What the members of a group are. */
    static Section member(Section parent, String name, String help) {
        return new Section(parent, name, help);
    }

    Section section(String key, String about) {
        return add(new Section(this, key, about));
    }

    /** A value that has a default. */
    <T> Setting<T> setting(String key, Type<T> type, T standard, String about) {
        return add(new Setting<>(this, key, type, standard, about));
    }

    /** A value that may be absent. */
    <T> Setting<T> optional(String key, Type<T> type, String about) {
        return add(new Setting<>(this, key, type, null, about));
    }

    <T> ListSetting<T> list(String key, Type<T> type, String about) {
        return add(new ListSetting<>(this, key, type, about));
    }

    /** Any number of sections that are alike. */
    Group group(String key, String about) {
        return add(new Group(this, key, about));
    }

    private <I extends Item> I add(I item) {
        items.put(item.name(), item);
        return item;
    }

    @Override
    public @Nullable Section parent() {
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

    /** In the order in which people read them. */
    public Collection<Item> items() {
        return Collections.unmodifiableCollection(items.values());
    }

    @Nullable
    Item item(String key) {
        return items.get(key);
    }
}
