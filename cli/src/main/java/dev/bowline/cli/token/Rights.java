package dev.bowline.cli.token;

import dev.bowline.session.server.Action;
import dev.bowline.session.wire.Grammar;
import dev.bowline.session.wire.TopicPattern;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a client may do: for each action, patterns of topics, or of names of requests and messages. Immutable.
 *
 * <p>In a token they are the claim {@code bowline}, such as {@code {"subscribe": ["chat.>"], "publish": ["chat.room1"]}}; with a session
 * they are its attribute {@code rights}, such as {@code subscribe=chat.>;publish=chat.room1}.
 */
public final class Rights {
    /** The attribute of a session that has them. */
    public static final String ATTRIBUTE = "rights";

    /** To do nothing. */
    public static final Rights NONE = new Rights(Map.of());

    static final String CLAIM = "bowline";

    private static final Map<String, Action> ACTIONS = new LinkedHashMap<>();

    static {
        ACTIONS.put("subscribe", Action.SUBSCRIBE);
        ACTIONS.put("publish", Action.PUBLISH);
        ACTIONS.put("presence", Action.SEE_PRESENCE);
        ACTIONS.put("request", Action.REQUEST);
        ACTIONS.put("send", Action.SEND);
    }

    private final Map<Action, List<TopicPattern>> patterns;

    private Rights(Map<Action, List<TopicPattern>> patterns) {
        this.patterns = patterns;
    }

    /**
     * The rights to do what patterns say.
     *
     * @throws IllegalArgumentException for what is no pattern
     */
    public static Rights of(Map<Action, List<String>> patterns) {
        Map<Action, List<TopicPattern>> read = new EnumMap<>(Action.class);
        patterns.forEach((action, texts) -> {
            if (!texts.isEmpty()) {
                read.put(action, texts.stream().map(TopicPattern::new).toList());
            }
        });
        return new Rights(read);
    }

    /**
     * As {@link #of}, with the words for the actions that a token has: {@code subscribe}, {@code publish}, {@code presence}, {@code request},
     * {@code send}.
     *
     * @throws IllegalArgumentException for another word too
     */
    public static Rights ofNames(Map<String, List<String>> patterns) {
        Map<Action, List<String>> read = new EnumMap<>(Action.class);
        patterns.forEach((name, texts) -> {
            Action action = ACTIONS.get(name);
            if (action == null) {
                throw new IllegalArgumentException(
                        "the right is \"" + name + "\", must be one of " + String.join(", ", ACTIONS.keySet()));
            }
            read.put(action, texts);
        });
        return of(read);
    }

    /**
     * As they stand in a token.
     *
     * @param claim null without one
     * @throws IllegalArgumentException for anything that they can't be: to read less into it would hide a mistake
     */
    static Rights ofClaim(@Nullable Object claim) {
        if (claim == null) {
            return NONE;
        }
        if (!(claim instanceof Map<?, ?> members)) {
            throw new IllegalArgumentException("its rights (" + CLAIM + ") are no object");
        }
        Map<Action, List<String>> read = new EnumMap<>(Action.class);
        members.forEach((name, value) -> {
            Action action = ACTIONS.get(String.valueOf(name));
            if (action == null) {
                throw new IllegalArgumentException("its rights (" + CLAIM + ") have a member that is none of "
                        + String.join(", ", ACTIONS.keySet()));
            }
            read.put(action, texts(value));
        });
        return of(read);
    }

    private static List<String> texts(@Nullable Object value) {
        List<String> texts = new ArrayList<>();
        if (!(value instanceof List<?> items)) {
            throw new IllegalArgumentException("its rights (" + CLAIM + ") are no lists of patterns");
        }
        for (Object item : items) {
            if (!(item instanceof String text) || !Grammar.isPattern(text)) {
                throw new IllegalArgumentException("its rights (" + CLAIM + ") hold what is no pattern");
            }
            texts.add(text);
        }
        return texts;
    }

    /** As the claim of a token. */
    Map<String, List<String>> claim() {
        Map<String, List<String>> claim = new LinkedHashMap<>();
        ACTIONS.forEach((name, action) -> {
            List<TopicPattern> its = patterns.get(action);
            if (its != null) {
                claim.put(name, its.stream().map(TopicPattern::text).toList());
            }
        });
        return claim;
    }

    /**
     * As {@link #format} gave them.
     *
     * @throws IllegalArgumentException for anything else
     */
    public static Rights parse(String formatted) {
        Map<Action, List<String>> read = new EnumMap<>(Action.class);
        for (String one : formatted.isEmpty() ? new String[0] : formatted.split(";", -1)) {
            int equals = one.indexOf('=');
            Action action = equals < 0 ? null : ACTIONS.get(one.substring(0, equals));
            if (action == null) {
                throw new IllegalArgumentException("rights are \"" + formatted
                        + "\", must be like subscribe=chat.>,news;publish=chat.room1, with any of "
                        + String.join(", ", ACTIONS.keySet()));
            }
            read.put(action, List.of(one.substring(equals + 1).split(",", -1)));
        }
        return of(read);
    }

    /** As an attribute; empty for none. */
    public String format() {
        StringBuilder text = new StringBuilder();
        claim().forEach((name, its) ->
                text.append(text.isEmpty() ? "" : ";").append(name).append('=').append(String.join(",", its)));
        return text.toString();
    }

    public boolean isEmpty() {
        return patterns.isEmpty();
    }

    /**
     * Whether they are enough.
     *
     * @param name a topic, or the name of a request or message; or a pattern: then one of theirs must cover all that it does
     */
    public boolean allows(Action action, String name) {
        List<TopicPattern> its = patterns.get(action);
        if (its == null) {
            return false;
        }
        TopicPattern asked = Grammar.hasWildcard(name) ? new TopicPattern(name) : null;
        for (TopicPattern one : its) {
            if (asked == null ? one.matches(name) : one.covers(asked)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return "Rights[" + format() + "]";
    }
}
