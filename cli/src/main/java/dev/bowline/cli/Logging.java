package dev.bowline.cli;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Sends what is logged to stderr, one line a record; stdout is for results alone. */
public final class Logging {
    /** Held here, because the log manager itself holds loggers weakly and would forget their level. */
    private static final Set<Logger> QUIET = ConcurrentHashMap.newKeySet();

    private static final Logger HTTP_API = Logger.getLogger("org.eclipse.jetty");

    private Logging() {}

    /** Sets it up, unless the operator configured {@code java.util.logging} otherwise. */
    static void configure() {
        if (System.getProperty("java.util.logging.config.file") != null
                || System.getProperty("java.util.logging.config.class") != null) {
            return;
        }
        Logger root = Logger.getLogger("");
        for (Handler handler : root.getHandlers()) {
            root.removeHandler(handler);
        }
        ConsoleHandler handler = new ConsoleHandler(); // writes to System.err
        handler.setFormatter(new OneLine());
        handler.setLevel(Level.ALL);
        root.addHandler(handler);
        root.setLevel(Level.INFO);
        HTTP_API.setLevel(Level.WARNING); // that it begins and ends, the program says itself
    }

    /** Leaves out what classes tell of things as they should be. */
    public static void quiet(Class<?>... classes) {
        for (Class<?> one : classes) {
            Logger logger = Logger.getLogger(one.getName());
            logger.setLevel(Level.WARNING);
            QUIET.add(logger);
        }
    }

    /** {@code 14:05:09.123 WARNING what happened: java.io.IOException: why (at dev.bowline.Some.method(Some.java:7))}. */
    static final class OneLine extends Formatter {
        @Override
        public String format(LogRecord record) {
            StringBuilder line = new StringBuilder(String.format(
                    "%1$tT.%1$tL %2$s ", record.getMillis(), record.getLevel().getName()));
            line.append(formatMessage(record));
            int depth = 0;
            for (Throwable thrown = record.getThrown(); thrown != null && depth < 5; thrown = thrown.getCause()) {
                line.append(": ").append(thrown);
                StackTraceElement[] trace = thrown.getStackTrace();
                if (trace.length > 0) {
                    line.append(" (at ").append(trace[0]).append(')');
                }
                depth++;
            }
            return line.toString().replaceAll("\\R", " ⏎ ") + System.lineSeparator();
        }
    }
}
