package dev.bowline.redis;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * What is to be so in Redis, whatever becomes of the first try: it is tried again each second while Redis is away. Of one key only the
 * latest wish counts; each must do no harm when it is done twice. Safe from any thread.
 */
final class Retries {
    private static final Logger LOGGER = System.getLogger(Retries.class.getName());

    /** After how long it is tried again. */
    private static final long RETRY_MILLIS = 1_000;

    /** How many wishes may wait; beyond that the oldest is given up. */
    private static final int MAX_WISHES = 100_000;

    private static final class Wish {
        private final Supplier<? extends CompletionStage<?>> action;

        Wish(Supplier<? extends CompletionStage<?>> action) {
            this.action = action;
        }
    }

    private final Pauses pauses;
    private final Map<String, Wish> wishes = new LinkedHashMap<>(); // under the lock

    Retries(Pauses pauses) {
        this.pauses = pauses;
    }

    /** Has something done, in place of what is still to be done under this key. */
    void wish(String key, Supplier<? extends CompletionStage<?>> action) {
        Wish wish = new Wish(action);
        synchronized (this) {
            wishes.remove(key);
            wishes.put(key, wish);
            if (wishes.size() > MAX_WISHES) {
                Iterator<String> oldest = wishes.keySet().iterator();
                LOGGER.log(Level.ERROR, "gives up to tell Redis: too much waits for it. {0}", oldest.next());
                oldest.remove();
            }
        }
        attempt(key, wish);
    }

    private void attempt(String key, Wish wish) {
        synchronized (this) {
            if (wishes.get(key) != wish) {
                return; // there is a later one
            }
        }
        wish.action.get().whenComplete((nothing, failure) -> {
            if (failure == null) {
                synchronized (this) {
                    wishes.remove(key, wish);
                }
            } else {
                LOGGER.log(Level.DEBUG, "{0} is tried again: {1}", key, failure);
                pauses.background(() -> attempt(key, wish), RETRY_MILLIS);
            }
        });
    }
}
