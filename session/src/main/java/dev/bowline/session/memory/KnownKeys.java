package dev.bowline.session.memory;

import dev.bowline.session.engine.Log;
import dev.bowline.session.engine.Log.Origin;
import dev.bowline.session.wire.Cursor;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where messages stand that the application has given a key. Each is known for {@link Log#KEY_KNOWN_MILLIS}, and at most so many, of which the
 * eldest goes. Under the engine's lock.
 */
final class KnownKeys {
    static final int MAX_KEYS = 200_000;

    private record Name(String topic, Origin origin) {}

    private record Place(Cursor cursor, long sinceMillis) {}

    private final Map<Name, Place> places = new LinkedHashMap<>(); // the eldest first

    /** Where a message stands; null if it is not known. */
    @Nullable
    Cursor find(String topic, Origin origin, long nowMillis) {
        Iterator<Place> eldest = places.values().iterator();
        while (eldest.hasNext() && nowMillis - eldest.next().sinceMillis > Log.KEY_KNOWN_MILLIS) {
            eldest.remove();
        }
        Place place = places.get(new Name(topic, origin));
        return place == null ? null : place.cursor;
    }

    /** A message that was not known stands there. */
    void add(String topic, Origin origin, Cursor cursor, long nowMillis) {
        if (places.size() == MAX_KEYS) {
            Iterator<Place> eldest = places.values().iterator();
            eldest.next();
            eldest.remove();
        }
        places.put(new Name(topic, origin), new Place(cursor, nowMillis));
    }

    int size() {
        return places.size();
    }
}
