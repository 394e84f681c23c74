package dev.bowline.session.engine;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A session as an engine keeps it outside its node. Immutable, but for the arrays, which nobody changes.
 *
 * @param user null for none
 * @param parts what is kept of it, by name; the nodes' affair
 * @param ageMillis how long ago the latest part was kept
 */
public record SessionRecord(
        String id, String token, @Nullable String user, Map<String, byte[]> parts, long ageMillis) {
    public SessionRecord {
        parts = Map.copyOf(parts);
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "SessionRecord[" + id + ", " + parts.size() + " parts]";
    }
}
