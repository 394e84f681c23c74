package dev.bowline.session.memory;

import dev.bowline.session.engine.Engine;
import dev.bowline.session.engine.Membership;
import dev.bowline.session.engine.NodePort;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The engine of one process: what it keeps ends with it. Its logs are bounded together, in bytes: when they are full, those
 * topics lose messages first that had no new one for the longest time.
 *
 * <p><b>Threads.</b> Safe from any thread: one lock, held for as long as it takes to change a few collections.
 */
public final class MemoryEngine implements Engine {
    /** How many bytes the logs of all topics may have, by default: 256 MiB. */
    public static final long DEFAULT_MAX_LOG_BYTES = 256L * 1024 * 1024;

    /** How many topics are known at a time, by default. */
    public static final int DEFAULT_MAX_TOPICS = 100_000;

    /** How many keys are taken at a time ({@code SessionStore.once}); rather than to forget one, more are refused. */
    private static final int MAX_ONCE = 1_000_000;

    private final String incarnation;

    // Under this object's lock, as all that they hold is.
    private final MemoryTopics topics;
    private final MemorySessions sessions;
    private final MemoryPresence presence = new MemoryPresence();
    private final MemoryOnce once = new MemoryOnce(MAX_ONCE);
    private final List<MemoryMember> members = new ArrayList<>();

    /** As {@link #MemoryEngine(Supplier, long, int)}, with the default bounds. */
    public MemoryEngine(Supplier<String> secrets) {
        this(secrets, DEFAULT_MAX_LOG_BYTES, DEFAULT_MAX_TOPICS);
    }

    /**
     * @param secrets gives what nobody can guess: each time another string of 16 to 100 characters of base64url. It is called
     *     under the engine's lock
     * @param maxLogBytes how many bytes the logs of all topics may have, at least 1
     * @param maxTopics how many topics are known, at least 1; one more, and the one is forgotten that had no message for the longest
     *     time
     */
    public MemoryEngine(Supplier<String> secrets, long maxLogBytes, int maxTopics) {
        if (maxLogBytes < 1 || maxTopics < 1) {
            throw new IllegalArgumentException(
                    "maxLogBytes is " + maxLogBytes + " and maxTopics " + maxTopics + ", must be at least 1");
        }
        this.incarnation = secrets.get().substring(0, 6).replace('-', '0');
        this.topics = new MemoryTopics(incarnation, maxLogBytes, maxTopics);
        this.sessions = new MemorySessions(incarnation, secrets);
    }

    @Override
    public synchronized Membership join(NodePort node) {
        MemoryMember member = new MemoryMember(this, node);
        members.add(member);
        return member;
    }

    // ---- For members, who hold the lock ----

    MemoryTopics topics() {
        return topics;
    }

    MemorySessions sessions() {
        return sessions;
    }

    MemoryPresence presence() {
        return presence;
    }

    MemoryOnce once() {
        return once;
    }

    void left(MemoryMember member) {
        members.remove(member);
        topics.left(member);
        presence.left(member);
        sessions.left(member);
    }

    /** The bytes of all logs. */
    public synchronized long logBytes() {
        return topics.bytes();
    }

    @Override
    public String toString() {
        return "MemoryEngine[" + incarnation + "]";
    }
}
