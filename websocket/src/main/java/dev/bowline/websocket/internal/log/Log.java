package dev.bowline.websocket.internal.log;

import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A {@link System.Logger} that does not throw. What stands behind a logger is the application's: a handler whose disk is
 * full, a formatter that fails. An event loop that logs a fault must not die of the log. That a log has failed is said on
 * standard error, once for each logger. Safe from any thread.
 *
 * <p>A log that blocks blocks the loop, as any callback would.
 */
public final class Log {
    private final String name;
    private final AtomicBoolean failureTold = new AtomicBoolean();

    private Log(String name) {
        this.name = name;
    }

    /** The log of a class, under its name. Nothing is looked up before something is logged. */
    public static Log of(Class<?> owner) {
        return new Log(owner.getName());
    }

    public void log(Level level, String message) {
        try {
            System.getLogger(name).log(level, message);
        } catch (Throwable failed) { // whatever the application's code may throw
            tell(failed);
        }
    }

    public void log(Level level, String message, @Nullable Throwable thrown) {
        try {
            System.getLogger(name).log(level, message, thrown);
        } catch (Throwable failed) { // whatever the application's code may throw
            tell(failed);
        }
    }

    public void log(Level level, Supplier<String> message, Throwable thrown) {
        try {
            System.getLogger(name).log(level, message, thrown);
        } catch (Throwable failed) { // whatever the application's code may throw
            tell(failed);
        }
    }

    /** The format is that of {@link java.text.MessageFormat}. */
    public void log(Level level, String format, @Nullable Object... parameters) {
        try {
            System.getLogger(name).log(level, format, parameters);
        } catch (Throwable failed) { // whatever the application's code may throw
            tell(failed);
        }
    }

    private void tell(Throwable failed) {
        if (failureTold.compareAndSet(false, true)) {
            System.err.println("Logging to " + name + " fails: " + failed);
        }
    }
}
