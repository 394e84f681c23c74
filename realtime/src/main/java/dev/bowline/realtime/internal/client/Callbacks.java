package dev.bowline.realtime.internal.client;

import dev.bowline.websocket.internal.log.Log;
import dev.bowline.websocket.internal.loop.EventLoop;

/**
 * Runs the application's code for one client: one callback at a time, in order. What it throws is logged. Called on the event loop, where
 * the callbacks run too.
 */
class Callbacks {
    private static final Log LOG = Log.of(Callbacks.class);

    final EventLoop loop;

    Callbacks(EventLoop loop) {
        this.loop = loop;
    }

    /**
     * Runs a callback, now or later.
     *
     * @param owner whose code it is, for logs
     * @param bytes the payload that is kept for it
     */
    void tell(Object owner, String name, int bytes, Runnable callback) {
        callOnLoop(owner, name, callback);
    }

    final void callOnLoop(Object owner, String name, Runnable callback) {
        loop.callbackBegins(owner, name);
        call(owner, name, callback);
        loop.callbackEnds();
    }

    static void call(Object owner, String name, Runnable callback) {
        try {
            callback.run();
        } catch (Throwable thrown) { // the application's code may throw anything; the session must survive it
            LOG.log(System.Logger.Level.ERROR, name + " of " + owner.getClass().getName() + " failed", thrown);
        }
    }
}
