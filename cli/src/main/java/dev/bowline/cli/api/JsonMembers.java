package dev.bowline.cli.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bowline.session.wire.Payload;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The members of a JSON object that a caller gave. Each method throws {@link Problem} where the member is not what it must be. */
final class JsonMembers {
    private final JsonNode object;
    private final String where;

    private JsonMembers(JsonNode object, String where) {
        this.object = object;
        this.where = where;
    }

    /**
     * @param where it stands, for people
     * @param known the members that there may be
     */
    static JsonMembers of(JsonNode json, String where, List<String> known) {
        if (!json.isObject()) {
            throw Problem.badRequest(atStart(where) + " must be a JSON object.");
        }
        json.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                throw Problem.badRequest(atStart(where) + " has a member \"" + name + "\", but may have only "
                        + String.join(", ", known) + ".");
            }
        });
        return new JsonMembers(json, where);
    }

    /** As it stands at the beginning of a sentence. */
    private static String atStart(String where) {
        return where.substring(0, 1).toUpperCase(Locale.ROOT) + where.substring(1);
    }

    /** That a member is not what it must be. */
    Problem wrong(String name, String must) {
        return Problem.badRequest("\"" + name + "\" of " + where + " must be " + must + ".");
    }

    private @Nullable JsonNode get(String name) {
        JsonNode value = object.get(name);
        return value == null || value.isNull() ? null : value;
    }

    private boolean has(String name) {
        return get(name) != null;
    }

    @Nullable
    String text(String name) {
        JsonNode value = get(name);
        if (value == null) {
            return null;
        }
        if (!value.isTextual()) {
            throw wrong(name, "a string");
        }
        return value.textValue();
    }

    String requiredText(String name) {
        String value = text(name);
        if (value == null) {
            throw wrong(name, "there");
        }
        return value;
    }

    /** Null where it is not there. */
    @Nullable
    Duration seconds(String name) {
        JsonNode value = get(name);
        if (value == null) {
            return null;
        }
        if (!value.canConvertToInt() || !value.isIntegralNumber() || value.intValue() < 1) {
            throw wrong(name, "a number of seconds, at least 1");
        }
        return Duration.ofSeconds(value.intValue());
    }

    JsonNode array(String name, int most) {
        JsonNode value = get(name);
        if (value == null || !value.isArray() || value.isEmpty() || value.size() > most) {
            throw wrong(name, "an array of 1 to " + most);
        }
        return value;
    }

    /** Empty where it is not there. */
    Map<String, String> texts(String name) {
        Map<String, String> texts = new LinkedHashMap<>();
        JsonNode value = get(name);
        if (value != null && !value.isObject()) {
            throw wrong(name, "an object of strings");
        }
        if (value != null) {
            value.properties().forEach(member -> {
                if (!member.getValue().isTextual()) {
                    throw wrong(name, "an object of strings");
                }
                texts.put(member.getKey(), member.getValue().textValue());
            });
        }
        return texts;
    }

    /** Empty where it is not there. */
    Map<String, List<String>> lists(String name, List<String> known) {
        Map<String, List<String>> lists = new LinkedHashMap<>();
        JsonNode value = get(name);
        if (value != null) {
            of(value, "\"" + name + "\"", known);
            value.properties().forEach(member -> {
                List<String> list = new ArrayList<>();
                member.getValue().forEach(one -> list.add(one.isTextual() ? one.textValue() : ""));
                if (!member.getValue().isArray() || list.contains("")) {
                    throw wrong(name, "an object of arrays of strings");
                }
                lists.put(member.getKey(), list);
            });
        }
        return lists;
    }

    /** Which of two members is there: one of them must be, and not both. */
    String oneOf(String one, String other) {
        if (has(one) == has(other)) {
            throw Problem.badRequest(
                    atStart(where) + " must have one of \"" + one + "\" and \"" + other + "\", and not both.");
        }
        return has(one) ? one : other;
    }

    /** {@code text}, or {@code data} in Base64. */
    Payload payload() {
        if (oneOf("text", "data").equals("text")) {
            return Payload.text(requiredText("text"));
        }
        try {
            return Payload.binary(ByteBuffer.wrap(Base64.getDecoder().decode(requiredText("data"))));
        } catch (IllegalArgumentException e) {
            throw wrong("data", "Base64");
        }
    }
}
