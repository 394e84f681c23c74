package dev.bowline.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.bowline.cli.config.Settings.LogFormat;
import dev.bowline.cli.config.Settings.LogLevel;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
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

    private static final Logger BOWLINE = Logger.getLogger("dev.bowline");

    private static final Logger HTTP_API = Logger.getLogger("org.eclipse.jetty");

    private Logging() {}

    /** Sets it up, unless the operator configured {@code java.util.logging} otherwise. */
    static void configure() {
        if (isOperators()) {
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

    /** Whether the operator has configured it with the means of Java: then that holds. */
    private static boolean isOperators() {
        return System.getProperty("java.util.logging.config.file") != null
                || System.getProperty("java.util.logging.config.class") != null;
    }

    /** Changes how lines look, and what is logged at all; other libraries tell no more than at {@code info}. */
    public static void use(LogFormat format, LogLevel level) {
        if (isOperators()) {
            return;
        }
        for (Handler handler : Logger.getLogger("").getHandlers()) {
            handler.setFormatter(
                    switch (format) {
                        case TEXT -> new OneLine();
                        case JSON -> new JsonLine();
                    });
        }
        Level least =
                switch (level) {
                    case ERROR -> Level.SEVERE;
                    case WARNING -> Level.WARNING;
                    case INFO -> Level.INFO;
                    case DEBUG -> Level.FINE;
                };
        BOWLINE.setLevel(least);
        Logger.getLogger("").setLevel(least.intValue() < Level.INFO.intValue() ? Level.INFO : least);
        HTTP_API.setLevel(least.intValue() < Level.WARNING.intValue() ? Level.WARNING : least);
    }

    /** Leaves out what classes tell of things as they should be, or no longer. */
    public static void quiet(boolean quiet, Class<?>... classes) {
        for (Class<?> one : classes) {
            Logger logger = Logger.getLogger(one.getName());
            logger.setLevel(quiet ? Level.WARNING : null);
            QUIET.add(logger);
        }
    }

    /** What was thrown, with its causes and where they were thrown; empty for nothing. */
    private static String thrown(LogRecord record) {
        StringBuilder text = new StringBuilder();
        int depth = 0;
        for (Throwable thrown = record.getThrown(); thrown != null && depth < 5; thrown = thrown.getCause()) {
            text.append(depth == 0 ? "" : ": ").append(thrown);
            StackTraceElement[] trace = thrown.getStackTrace();
            if (trace.length > 0) {
                text.append(" (at ").append(trace[0]).append(')');
            }
            depth++;
        }
        return text.toString();
    }

    /** {@code 14:05:09.123 WARNING what happened: java.io.IOException: why (at dev.bowline.Some.method(Some.java:7))}. */
    static final class OneLine extends Formatter {
        @Override
        public String format(LogRecord record) {
            String thrown = thrown(record);
            String line = String.format(
                    "%1$tT.%1$tL %2$s %3$s%4$s",
                    record.getMillis(),
                    record.getLevel().getName(),
                    formatMessage(record),
                    thrown.isEmpty() ? "" : ": " + thrown);
            return line.replaceAll("\\R", " ⏎ ") + System.lineSeparator();
        }
    }

    /** An object a line: {@code at} (RFC 3339), {@code level}, {@code logger}, {@code text} and, if something was thrown, {@code error}. */
    static final class JsonLine extends Formatter {
        private static final JsonFactory JSON = new JsonFactory();

        @Override
        public String format(LogRecord record) {
            StringWriter line = new StringWriter();
            try (JsonGenerator json = JSON.createGenerator(line)) {
                json.writeStartObject();
                json.writeStringField(
                        "at", record.getInstant().truncatedTo(ChronoUnit.MILLIS).toString());
                json.writeStringField("level", record.getLevel().getName().toLowerCase(Locale.ROOT));
                json.writeStringField("logger", record.getLoggerName());
                json.writeStringField("text", formatMessage(record));
                String thrown = thrown(record);
                if (!thrown.isEmpty()) {
                    json.writeStringField("error", thrown);
                }
                json.writeEndObject();
            } catch (IOException e) {
                throw new UncheckedIOException("a string can be written to", e);
            }
            return line + System.lineSeparator();
        }
    }
}
