package dev.bowline.websocket.internal.loop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** A log on a full disk, with a handler that says so by throwing. */
public final class BrokenLog implements AutoCloseable {
    private final Logger logger; // held, or it could be collected with its handler
    private final AtomicInteger attempts = new AtomicInteger();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord record) {
            attempts.incrementAndGet();
            throw new UncheckedIOException(new IOException("No space left on device"));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    private BrokenLog(String name) {
        logger = Logger.getLogger(name);
        logger.setUseParentHandlers(false);
        logger.addHandler(handler);
    }

    /** Breaks a logger and all those below it. */
    public static BrokenLog of(String name) {
        return new BrokenLog(name);
    }

    /** How often something was to be logged. */
    public int attempts() {
        return attempts.get();
    }

    @Override
    public void close() {
        logger.removeHandler(handler);
        logger.setUseParentHandlers(true);
    }
}
