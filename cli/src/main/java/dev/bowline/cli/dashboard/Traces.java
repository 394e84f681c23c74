package dev.bowline.cli.dashboard;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bowline.session.server.SessionEvent;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The lives of the sessions that this node has seen last: the latest events of each. Of too many, those are forgotten first that are
 * over, and of these, and of those that are not, the ones of which nothing was heard for longest. From any thread; its lock is held for
 * moments, and for each event of a session, not for messages.
 */
final class Traces {
    static final int MAX_SESSIONS = 10_000;
    static final int MAX_EVENTS = 50;

    private record Noted(long atMillis, SessionEvent event) {}

    private static final class Trace {
        final Deque<Noted> events = new ArrayDeque<>(4);
        long forgotten;

        void add(Noted noted) {
            if (events.size() == MAX_EVENTS) {
                events.removeFirst();
                forgotten++;
            }
            events.addLast(noted);
        }
    }

    private final LongSupplier nowMillis;

    // Under this object's lock; the one of which nothing was heard for longest is the first.
    private final Map<String, Trace> alive = new LinkedHashMap<>();
    private final Map<String, Trace> ended = new LinkedHashMap<>();

    /** @param nowMillis the time of day, in milliseconds since 1970 */
    Traces(LongSupplier nowMillis) {
        this.nowMillis = nowMillis;
    }

    synchronized void add(SessionEvent event) {
        String id = event.session().id();
        Trace trace = alive.remove(id);
        if (trace == null) { // a session that another node has ended may come here yet
            trace = ended.remove(id);
        }
        if (trace == null) {
            trace = new Trace();
        }
        trace.add(new Noted(nowMillis.getAsLong(), event));
        (event instanceof SessionEvent.Ended ? ended : alive).put(id, trace);
        if (alive.size() + ended.size() > MAX_SESSIONS) {
            Map<String, Trace> from = ended.isEmpty() ? alive : ended;
            from.remove(from.keySet().iterator().next());
        }
    }

    synchronized int size() {
        return alive.size() + ended.size();
    }

    /** As the OpenAPI document has it; null if nothing is known of that session. */
    @Nullable
    synchronized ObjectNode toJson(String id) {
        Trace trace = alive.getOrDefault(id, ended.get(id));
        if (trace == null) {
            return null;
        }
        SessionEvent last = trace.events.getLast().event();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("session", id);
        json.put("user", last.session().user());
        json.put("agent", last.session().agent());
        json.put("forgotten", trace.forgotten);
        ArrayNode events = json.putArray("events");
        trace.events.forEach(noted -> tell(events.addObject(), noted));
        return json;
    }

    private static void tell(ObjectNode json, Noted noted) {
        json.put("atMillis", noted.atMillis());
        SessionEvent event = noted.event();
        if (event instanceof SessionEvent.Started) {
            json.put("event", "started");
        } else if (event instanceof SessionEvent.Resumed resumed) {
            json.put("event", "resumed");
            json.put("awayMillis", resumed.awayMillis());
            json.put("replayed", resumed.replayed());
        } else if (event instanceof SessionEvent.CaughtUp caughtUp) {
            json.put("event", "caught-up");
            json.put("afterMillis", caughtUp.afterMillis());
            json.put("replayed", caughtUp.replayed());
            json.put("gaps", caughtUp.gaps());
            json.put("missed", caughtUp.missed());
            json.put("resets", caughtUp.resets());
        } else if (event instanceof SessionEvent.Suspended suspended) {
            json.put("event", "suspended");
            json.put("code", suspended.code());
        } else if (event instanceof SessionEvent.Ended over) {
            json.put("event", "ended");
            json.put("code", over.code());
            json.put("reason", over.reason());
        }
    }
}
