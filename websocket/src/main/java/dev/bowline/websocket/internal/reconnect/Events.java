package dev.bowline.websocket.internal.reconnect;

import dev.bowline.websocket.internal.log.Log;
import dev.bowline.websocket.internal.loop.EventLoop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Calls what the listener is told between connections: on the event loop, or on the executor one after the other. Called on
 * the event loop.
 */
final class Events {
    private static final Log LOG = Log.of(Events.class);

    private final EventLoop loop;
    private final Object listener;
    private final @Nullable Executor executor;
    private CompletionStage<?> last = CompletableFuture.completedStage(null); // touched by the loop alone

    Events(EventLoop loop, Object listener, @Nullable Executor executor) {
        this.loop = loop;
        this.listener = listener;
        this.executor = executor;
    }

    /**
     * Tells, and goes on.
     *
     * @param then what to do on the event loop when the callback has returned
     */
    void tell(String name, Runnable callback, Runnable then) {
        if (executor == null) {
            loop.callbackBegins(listener, name);
            call(name, callback);
            loop.callbackEnds();
            then.run();
            return;
        }
        last = last.thenRunAsync(() -> call(name, callback), executor).handle((done, rejected) -> {
            loop.execute(() -> {
                if (rejected != null) {
                    LOG.log(System.Logger.Level.ERROR, "The callback executor rejected " + name, rejected);
                    call(name, callback);
                }
                then.run();
            });
            return null;
        });
    }

    private void call(String name, Runnable callback) {
        try {
            callback.run();
        } catch (Throwable thrown) { // the application's code may throw anything; the loop must survive it
            LOG.log(
                    System.Logger.Level.ERROR,
                    name + " of " + listener.getClass().getName() + " failed",
                    thrown);
        }
    }
}
