package dev.bowline.testkit;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/**
 * Keeps what one logger is given, and keeps it off the console until closed. Sees what goes through {@link System.Logger}
 * as long as that ends, as by default, in {@code java.util.logging}.
 */
public final class CapturedLog implements AutoCloseable {
    private static final SimpleFormatter FORMATTER = new SimpleFormatter();

    private final Logger logger; // held, or it could be collected with its handler
    private final Handler handler = new Collecting();
    private final List<String> lines = new CopyOnWriteArrayList<>();

    private CapturedLog(Logger logger) {
        this.logger = logger;
    }

    /** Begins to capture. */
    public static CapturedLog of(String loggerName) {
        CapturedLog log = new CapturedLog(Logger.getLogger(loggerName));
        log.logger.setUseParentHandlers(false);
        log.logger.addHandler(log.handler);
        return log;
    }

    /** Begins to capture what a class logs under its own name. */
    public static CapturedLog of(Class<?> owner) {
        return of(owner.getName());
    }

    /** What was logged so far, oldest first: level, message and throwable of each record. */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    public void close() {
        logger.removeHandler(handler);
        logger.setUseParentHandlers(true);
    }

    private final class Collecting extends Handler {
        @Override
        public void publish(LogRecord record) {
            lines.add(record.getLevel() + " " + FORMATTER.formatMessage(record)
                    + (record.getThrown() == null ? "" : " " + record.getThrown()));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
