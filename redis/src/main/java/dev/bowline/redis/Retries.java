package dev.bowline.redis;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * What is to be so in Redis, whatever becomes of the first try: it is tried again each second while Redis is away. Of one key only the
 * latest wish counts; each must do no harm when it is done twice. Safe from any thread.
 *
 * <p>What is tried again, and what all that a process has is asked or said at once, goes in turn, a few at a time: a Redis that is slow
 * does what has timed out here all the same, and would get more and more of it.
 */
final class Retries {
    private static final Logger LOGGER = System.getLogger(Retries.class.getName());

    /** After how long it is tried again. */
    private static final long RETRY_MILLIS = 1_000;

    /** How many wishes may wait; beyond that the oldest is given up. */
    private static final int MAX_WISHES = 100_000;

    /** How many are under way at a time of those that go in turn. */
    private static final int MAX_IN_TURN = 64;

    private static final class Wish {
        private final Supplier<? extends CompletionStage<?>> action;

        Wish(Supplier<? extends CompletionStage<?>> action) {
            this.action = action;
        }
    }

    private final Pauses pauses;
    private final Map<String, Wish> wishes = new LinkedHashMap<>(); // under the lock
    private final Deque<Runnable> inTurn = new ArrayDeque<>(); // that wait; under the lock
    private int underWay; // of those that go in turn; under the lock

    Retries(Pauses pauses) {
        this.pauses = pauses;
    }

    /** Has something done at once, in place of what is still to be done under this key. */
    void wish(String key, Supplier<? extends CompletionStage<?>> action) {
        attempt(key, put(key, action), () -> {});
    }

    /** As {@link #wish}, when its turn has come: for what is one of many. */
    void wishInTurn(String key, Supplier<? extends CompletionStage<?>> action) {
        attemptInTurn(key, put(key, action));
    }

    private synchronized Wish put(String key, Supplier<? extends CompletionStage<?>> action) {
        Wish wish = new Wish(action);
        wishes.remove(key);
        wishes.put(key, wish);
        if (wishes.size() > MAX_WISHES) {
            Iterator<String> oldest = wishes.keySet().iterator();
            LOGGER.log(Level.ERROR, "gives up to tell Redis: too much waits for it. {0}", oldest.next());
            oldest.remove();
        }
        return wish;
    }

    private void attemptInTurn(String key, Wish wish) {
        synchronized (this) {
            if (underWay >= MAX_IN_TURN) {
                inTurn.addLast(() -> attempt(key, wish, this::next));
                return;
            }
            underWay++;
        }
        attempt(key, wish, this::next);
    }

    /** One has ended: the turn of another. */
    private void next() {
        Runnable next;
        synchronized (this) {
            next = inTurn.pollFirst();
            if (next == null) {
                underWay--;
                return;
            }
        }
        pauses.background(next, 0); // not from within: where Redis is away each would fail at once
    }

    private void attempt(String key, Wish wish, Runnable then) {
        boolean wanted;
        synchronized (this) {
            wanted = wishes.get(key) == wish; // else there is a later one
        }
        if (!wanted) {
            then.run();
            return;
        }
        wish.action.get().whenComplete((nothing, failure) -> {
            if (failure == null) {
                synchronized (this) {
                    wishes.remove(key, wish);
                }
            } else {
                LOGGER.log(Level.DEBUG, "{0} is tried again: {1}", key, failure);
                pauses.background(() -> attemptInTurn(key, wish), RETRY_MILLIS);
            }
            then.run();
        });
    }
}
