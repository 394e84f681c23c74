package dev.bowline.session.client;

import dev.bowline.session.wire.Payload;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whom a {@link ClientSession} tells what to do and what came. Called from within the session's methods, on the caller's thread. What is
 * told what came may call the session back; what is told what to do may not, and what follows from it is told to the session later.
 */
public interface ClientHandler {
    // ---- What to do ----

    /** Opens a connection; {@link ClientSession#connected} or {@link ClientSession#disconnected} follows. */
    void connect();

    /** Sends a message on the connection. */
    void send(Payload message);

    /**
     * Closes the connection, or gives the attempt up, if there is one: whatever its stage. The session is done with it: nothing of it is
     * to be told any more.
     */
    void close(int code, String reason);

    // ---- What came ----

    /** The session has changed its state. */
    void onState(ClientSession.State state);

    /**
     * A session is open.
     *
     * @param id the session's
     * @param user null for none
     * @param resumed whether it is the one of before
     * @param reason why it is not, where there was one; else null
     */
    void onWelcome(String id, @Nullable String user, boolean resumed, @Nullable String reason);

    /** The session is over; no other one will be opened. */
    void onEnded(int code, String reason);

    /** A direct message. */
    void onDirect(String name, Payload payload);

    /**
     * A message of a topic.
     *
     * @param offset 0 where the topic keeps no log
     */
    void onTopicMessage(String topic, long offset, Payload payload);

    /** Messages of a topic that will not come. */
    void onGap(String topic, long from, long to, String code);

    /**
     * What was not received of the topic will not come.
     *
     * @param code {@code lost}: its log is another one; else why it could not go on where it was, in a new session
     */
    void onReset(String topic, String code);

    /** The server has ended, or refused, a subscription. */
    void onSubscriptionEnded(String pattern, String code);

    /** Who is there. */
    void onPresent(String topic, List<String> users);

    void onJoined(String topic, String user);

    void onLeft(String topic, String user);

    /** The authentication ends in so long. */
    void onExpiring(long millis);
}
