package dev.bowline.websocket.internal.transport;

import dev.bowline.websocket.TransportKind;
import dev.bowline.websocket.internal.log.Log;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Opens transports of the kind that is asked for or, where that is left open, of the best one there is. */
public final class Transports {
    private static final Log LOG = Log.of(Transports.class);

    /** Stands in for {@link TransportKind#AUTOMATIC}. */
    static final String PROPERTY = "bowline.transport";

    /** Compiled for the release of Java that has the foreign-function API, so that it can only be named here. */
    private static final String EPOLL = "dev.bowline.websocket.internal.transport.epoll.EpollTransport";

    private static final int FOREIGN_FUNCTION_RELEASE = 22;

    /** Why there is no epoll; null: there is. Found out once. */
    private static final class Epoll {
        /** What no setting can change. */
        static final @Nullable String OBSTACLE_BY_NATURE = Transports.obstacle(
                System.getProperty("os.name", ""),
                System.getProperty("os.arch", ""),
                Runtime.version().feature());

        static final @Nullable String OBSTACLE = obstacle();

        private static @Nullable String obstacle() {
            if (OBSTACLE_BY_NATURE != null) {
                return OBSTACLE_BY_NATURE;
            }
            try {
                open().close(); // the proof
                return null;
            } catch (IOException | RuntimeException | LinkageError e) {
                return e.getMessage() == null ? e.toString() : e.getMessage();
            }
        }

        static Transport open() throws IOException {
            try {
                return (Transport) Class.forName(EPOLL).getMethod("open").invoke(null);
            } catch (ClassNotFoundException e) {
                throw new UnsupportedOperationException(
                        "this copy of Bowline was built by a JDK older than " + FOREIGN_FUNCTION_RELEASE, e);
            } catch (InvocationTargetException e) {
                if (e.getCause() instanceof IOException cause) {
                    throw cause;
                }
                if (e.getCause() instanceof RuntimeException cause) {
                    throw cause;
                }
                if (e.getCause() instanceof Error cause) {
                    throw cause;
                }
                throw new IllegalStateException(e);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Tells once what is used where nothing was asked for. */
    private static final class Automatic {
        static final TransportKind KIND = kind();

        private static TransportKind kind() {
            String asked = System.getProperty(PROPERTY);
            if (asked != null) {
                return named(asked);
            }
            if (Epoll.OBSTACLE == null) {
                return TransportKind.EPOLL;
            }
            // Worth knowing for whoever can do something about it.
            System.Logger.Level level =
                    Epoll.OBSTACLE_BY_NATURE == null ? System.Logger.Level.INFO : System.Logger.Level.DEBUG;
            LOG.log(level, "Using the NIO transport, not epoll: {0}", Epoll.OBSTACLE);
            return TransportKind.NIO;
        }
    }

    private Transports() {}

    /** What keeps a machine and a Java from using epoll, as far as can be said without trying; or null. */
    static @Nullable String obstacle(String system, String processor, int release) {
        if (!system.equals("Linux")) {
            return "it is part of Linux, and this is " + system;
        }
        if (!processor.equals("amd64") && !processor.equals("aarch64")) {
            return "it is known for the processors amd64 and aarch64, and this is " + processor;
        }
        if (release < FOREIGN_FUNCTION_RELEASE) {
            return "it needs Java " + FOREIGN_FUNCTION_RELEASE + " or later, and this is Java " + release;
        }
        return null;
    }

    /** The kind with this name; upper and lower case are the same. */
    static TransportKind named(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "nio" -> TransportKind.NIO;
            case "epoll" -> TransportKind.EPOLL;
            default ->
                throw new IllegalArgumentException(
                        "system property " + PROPERTY + " is \"" + name + "\", must be nio or epoll");
        };
    }

    /** Why epoll can't be had, or null where it can. */
    public static @Nullable String epollObstacle() {
        return Epoll.OBSTACLE;
    }

    /**
     * Opens a transport.
     *
     * @throws IOException if the system refuses it
     * @throws UnsupportedOperationException if there is none of that kind here; the message says why
     */
    public static Transport open(TransportKind kind) throws IOException {
        TransportKind chosen = kind == TransportKind.AUTOMATIC ? Automatic.KIND : kind;
        if (chosen == TransportKind.NIO) {
            return new NioTransport();
        }
        if (Epoll.OBSTACLE != null) {
            throw new UnsupportedOperationException("there is no epoll transport here: " + Epoll.OBSTACLE);
        }
        return Epoll.open();
    }
}
