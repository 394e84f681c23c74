package dev.bowline.session.engine;

import dev.bowline.session.wire.Cursor;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Who has which session, what is known of users, and what may happen once. At any time at most one node has a session. */
public interface SessionStore {
    /**
     * A new session's credentials.
     *
     * @param token the secret; {@link #claim} asks for it
     */
    record Credentials(String id, String token) {}

    /**
     * Who asks for a session.
     *
     * @param session its id
     * @param token its secret
     * @param attempt how many connections have asked for it, this one too ({@code bowline-v1.md}, section 3.1)
     * @param identified whether the client has shown who it is; if not, the session's own authentication holds on
     * @param user who it is then, which must be the session's user; null for nobody
     */
    record Claimant(
            String session,
            String token,
            long attempt,
            boolean identified,
            @Nullable String user) {
        /** Whether it has a session's secret; in constant time. */
        public boolean knows(String secret) {
            return MessageDigest.isEqual(
                    token.getBytes(StandardCharsets.UTF_8), secret.getBytes(StandardCharsets.UTF_8));
        }

        /** Without the secret. */
        @Override
        public String toString() {
            return "Claimant[" + session + ", attempt " + attempt + (identified ? ", as " + user : "") + "]";
        }
    }

    /** What became of a claim. */
    sealed interface Claim {
        /** The session is the node's. */
        record Granted(SessionState state) implements Claim {}

        /** The session is the node's, and this is what was kept of it. */
        record Restored(SessionRecord session) implements Claim {}

        /**
         * It is not, and the client is to have a new one: {@code expired}, {@code lost}, {@code token} or {@code user} ({@code bowline-v1.md},
         * section 3.2).
         */
        record Refused(String reason) implements Claim {}

        /** It is not: a later connection of the client's has it (section 3.4). */
        record Superseded() implements Claim {}
    }

    /**
     * Makes a session, which is the node's and has a connection.
     *
     * @param user null for none
     */
    void create(@Nullable String user, Callback<Credentials> done);

    /**
     * Takes a session over from the node that has it, if that one gives it up ({@link NodePort#release}): a claim that is not granted leaves
     * the session, and the connection that speaks for it, where they are.
     */
    void claim(Claimant claimant, Callback<Claim> done);

    /** A session of the node's has got a connection, or has none any more. */
    void connected(String id, boolean connected);

    /**
     * A session of the node's is over.
     *
     * @param done is told whether it is over, and not another node's since. As long as that can't be known the engine tries
     */
    void remove(String id, Consumer<Boolean> done);

    // ---- What is kept of them ----

    /**
     * Whether sessions outlive their nodes: then all that a client, or a handler, is to hear of must be kept before it does. If not, {@link
     * #keep} is never called.
     */
    boolean keeps();

    /** What became of a call of {@link #keep}. */
    enum Kept {
        /** It would outlive the node now. */
        DONE,
        /** Nothing was kept: what was kept before may be gone, so that all of it is to be kept again. */
        INCOMPLETE,
        /** Nothing was kept: the session is another node's. */
        TAKEN
    }

    /**
     * Keeps what has become of a session of the node's. The next call waits for the answer to this one.
     *
     * @param attempt the highest that was granted ({@link Claimant#attempt})
     * @param whole whether these are all parts: what was kept before is of no use
     * @param changes parts by name; null for one that goes
     * @param done failed: it is not known whether it was kept
     */
    void keep(String id, long attempt, boolean whole, Map<String, byte @Nullable []> changes, Callback<Kept> done);

    // ---- Users ----

    /** The users of all sessions. */
    void users(Callback<List<String>> done);

    /** The ids of a user's sessions, on all nodes, of clients connected or expected back. */
    void sessionsOf(String user, Callback<List<String>> done);

    /** Whether any session of a user has a connection. */
    void isConnected(String user, Callback<Boolean> done);

    /**
     * A user has read the mailbox up to an offset, on some device.
     *
     * @param done is told how far it was read now: the highest of all
     */
    void read(String user, long offset, Callback<Long> done);

    /** A device of the user's has received the mailbox up to a cursor. */
    void received(String user, Cursor cursor);

    /** Calls when a device of the user's has received the mailbox up to a cursor; at once if one has. */
    void whenReceived(String user, Cursor cursor, Runnable action);

    // ---- Once ----

    /**
     * Takes a key, for a time: of all who ask for it meanwhile, on whatever node, one has it.
     *
     * @param key 1 to 255 visible ASCII characters
     * @param ttlMillis how long it is taken, at least 1; another claim does not prolong that
     * @param done is told whether it was free. Failed with {@code unavailable}: it was not taken; with another code: that is not known, and it
     *     counts as taken
     */
    void once(String key, long ttlMillis, long nowMillis, Callback<Boolean> done);
}
