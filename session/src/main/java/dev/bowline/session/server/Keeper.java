package dev.bowline.session.server;

import dev.bowline.session.engine.Callback;
import dev.bowline.session.engine.Failure;
import dev.bowline.session.engine.SessionStore;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Has the engine keep what becomes of a session, where sessions are to outlive their nodes: what changed in one turn of the node goes there
 * in one piece, and the next piece when that is kept. Nobody is to hear of a change before ({@link #afterKept}, {@link Gate}): a node
 * that takes the session over knows no more than what was kept. Touched on the node's thread alone.
 */
final class Keeper {
    /** After how long the engine is asked again that did not answer, or could not; the second time after double that, and so on. */
    private static final long RETRY_MILLIS = 1_000;

    private static final int MOST_DOUBLINGS = 3;

    /** How many parts that nobody needs any more may stay where they are until something else is to be kept. */
    private static final int MAX_STALE = 64;

    private record Waiting(long piece, Consumer<Boolean> action) {}

    private final Session session;
    private final boolean on;
    private final Map<String, byte @Nullable []> changes = new LinkedHashMap<>(0); // for the next piece
    private final Deque<Waiting> waiting = new ArrayDeque<>(0);
    private final Retry retry = new Retry();
    private long piece; // the latest that was begun
    private long keptPiece; // the latest that was kept
    private boolean whole; // the next piece is to be all of it
    private boolean due; // there is to be a next one
    private boolean keeping; // the latest one
    private boolean stopped;
    private int failures; // of the store, one after the other
    private long failingSinceMillis = Timed.NEVER; // the store has not answered since, or could not

    Keeper(Session session, SessionStore store) {
        this.session = session;
        this.on = store.keeps();
    }

    /** Whether anything is kept. */
    boolean isOn() {
        return on;
    }

    /** A part is another one now. */
    void put(String part, byte[] value) {
        if (on && !stopped) {
            changes.put(part, value);
            touch();
        }
    }

    /** A part is no more. */
    void remove(String part) {
        if (on && !stopped) {
            changes.put(part, null);
            touch();
        }
    }

    /** A part is of no use any more: it may stay for a while. */
    void drop(String part) {
        if (on && !stopped) {
            changes.put(part, null);
            if (changes.size() > MAX_STALE) {
                touch();
            }
        }
    }

    /** Something has changed that stands in the head. */
    void touch() {
        if (on && !stopped && !due) {
            due = true;
            if (!keeping) {
                session.node().execute(this::keep); // at the end of this turn: with what else it brings
            }
        }
    }

    /** What was kept before may be gone: all of it is kept again. */
    void keepAll() {
        if (on && !stopped) {
            whole = true;
            touch();
        }
    }

    /** The piece after which everything is kept that is so now; 0 where it is. */
    long pending() {
        return due ? piece + 1 : keeping ? piece : 0;
    }

    /** The piece up to which everything is kept. */
    long kept() {
        return keptPiece;
    }

    /**
     * Calls when everything is kept that is so now.
     *
     * @param action is told whether it came to that: the session may end before, or go to another node
     */
    void afterKept(Consumer<Boolean> action) {
        long pending = pending();
        if (pending == 0 || stopped) {
            action.accept(!stopped);
        } else {
            waiting.addLast(new Waiting(pending, action));
        }
    }

    /** The session is over, or another node's: nothing more is kept. */
    void stop() {
        halt();
        handedOn(false);
    }

    /**
     * The session goes to another node with all that it has: nothing more is kept here, and those who wait are told when it is known whether
     * it came there ({@link #handedOn}).
     */
    void handOver() {
        if (on) {
            halt();
        }
    }

    private void halt() {
        stopped = true;
        due = false;
        changes.clear();
        session.node().timers().remove(retry);
    }

    void handedOn(boolean known) {
        tellUpTo(Long.MAX_VALUE, known);
    }

    private void keep() {
        if (!due || keeping || stopped) {
            return;
        }
        due = false;
        keeping = true;
        piece++;
        boolean all = whole;
        whole = false;
        Map<String, byte @Nullable []> these = new LinkedHashMap<>(all ? session.parts() : changes);
        these.put(SessionParts.HEAD, session.head());
        changes.clear();
        session.node()
                .engine()
                .sessions()
                .keep(
                        session.id(),
                        session.attempt(),
                        all,
                        these,
                        Callback.of(result -> answered(result, these), failure -> {
                            whole |= all;
                            if (again(these)) {
                                failed();
                            }
                        }));
    }

    private void answered(SessionStore.Kept result, Map<String, byte @Nullable []> these) {
        if (!stopped) {
            worked();
        }
        switch (result) {
            case DONE -> {
                keeping = false;
                keptPiece = piece;
                if (!stopped) {
                    tellUpTo(piece, true);
                    session.kept(piece);
                    keep();
                }
            }
            case INCOMPLETE -> {
                whole = true;
                if (again(these)) {
                    keep();
                }
            }
            case TAKEN -> {
                keeping = false;
                if (!stopped) {
                    session.node().taken(session);
                }
            }
        }
    }

    /** A piece was not kept, as far as is known: what stood in it is for the next one, with what has changed since, and so are those who wait. */
    private boolean again(Map<String, byte @Nullable []> these) {
        keeping = false;
        if (stopped) {
            return false;
        }
        Map<String, byte @Nullable []> later = new LinkedHashMap<>(changes);
        changes.clear();
        changes.putAll(these);
        changes.putAll(later);
        due = true;
        return true;
    }

    private void tellUpTo(long last, boolean kept) {
        while (!waiting.isEmpty() && waiting.getFirst().piece <= last) {
            waiting.removeFirst().action.accept(kept);
        }
    }

    // ---- A store that is away ----

    /** Whether the store is away, as far as is known: nobody can come back to the session then. */
    boolean isFailing() {
        return failingSinceMillis != Timed.NEVER;
    }

    private void failed() {
        long now = session.node().now();
        if (!isFailing()) {
            failingSinceMillis = now;
            session.updateTimer();
        }
        retry.begin();
        if (now - failingSinceMillis >= session.node().options().handlerMillis()) {
            session.disconnect(
                    CloseCodes.NO_ENGINE, Failure.UNAVAILABLE); // rather than to leave its client without a word
        }
    }

    private void worked() {
        if (isFailing()) {
            failures = 0;
            failingSinceMillis = Timed.NEVER;
            session.storeIsBack();
        }
    }

    private final class Retry extends Timed {
        private long atMillis = NEVER;

        void begin() {
            atMillis = session.node().now() + (RETRY_MILLIS << Math.min(failures++, MOST_DOUBLINGS));
            session.node().timers().update(this);
        }

        @Override
        long deadlineMillis() {
            return atMillis;
        }

        @Override
        void onTime(long nowMillis) {
            atMillis = NEVER;
            keep();
        }
    }
}
