package dev.bowline.realtime.internal.hub;

import dev.bowline.session.engine.Callback;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An answer of the application's on its way to the node that asked: the node gets it on its own thread; at once, where it came before the
 * question returned.
 */
final class Answering<T> {
    private final Supplier<String> what; // asked for where it is told
    private final Callback<T> done;
    private final Shard asker;

    // Under this object's lock.
    private boolean asking = true;
    private @Nullable Runnable early;

    /** On the thread of the node that asks. */
    Answering(Supplier<String> what, Callback<T> done, Shards shards) {
        this.what = what;
        this.done = done;
        this.asker = shards.here();
    }

    /** The answer, from any thread. */
    void complete(@Nullable T value, @Nullable Throwable thrown) {
        Runnable answer = () -> {
            if (thrown != null) {
                done.failed(HubApplication.failure(what.get(), thrown));
            } else if (value == null) {
                done.failed(HubApplication.failure(what.get(), new IllegalStateException("answered with null")));
            } else {
                done.done(value);
            }
        };
        synchronized (this) {
            if (asking && asker.loop().isInLoop()) {
                early = answer;
                return;
            }
        }
        asker.execute(() -> asker.use((node, now) -> node.run(answer, now)));
    }

    /** The question has returned; on the thread that asked. */
    void asked() {
        Runnable answer;
        synchronized (this) {
            asking = false;
            answer = early;
        }
        if (answer != null) {
            answer.run();
        }
    }
}
