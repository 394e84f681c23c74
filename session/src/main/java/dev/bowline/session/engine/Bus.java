package dev.bowline.session.engine;

import dev.bowline.session.engine.SessionMessage.Receipt;
import dev.bowline.session.wire.TopicPattern;

/** The way between nodes. */
public interface Bus {
    /** Has the node told of everything that comes to a topic from now on. */
    void follow(String topic);

    void unfollow(String topic);

    /** For {@link #followAll}: what came before is nothing to the node. */
    long FROM_NOW = -1;

    /**
     * As {@link #follow}, of all topics that a pattern covers. What is followed more than once is told once.
     *
     * @param sinceMillis {@link #FROM_NOW}; or of a session that another node had, what that node was given for this pattern: then the node is
     *     told of what has come since, and perhaps of more
     * @param done is told when that is in effect, behind what has come since, and given the time by the engine's own clock
     */
    void followAll(TopicPattern pattern, long sinceMillis, Callback<Long> done);

    void unfollowAll(TopicPattern pattern);

    /**
     * Waits until the node was told of all that came to a topic before this call, where it follows the topic or a pattern that covers it: what
     * it reads may be ahead of what it is told.
     *
     * @param done is given the topic, behind that
     */
    void whenTold(String topic, Callback<String> done);

    /** Passes a message of a topic without a log to the nodes that follow it, this one too. */
    void publish(String topic, Entry unlogged);

    /**
     * Says something to a session, wherever it is. What one node says to one session comes there in the order in which it did so, though it
     * moves meanwhile.
     *
     * @param taken is told whether there was one that took it
     */
    void toSession(String id, SessionMessage message, Callback<Boolean> taken);

    /** Says something to all sessions of a user, on all nodes. */
    void toUser(String user, UserMessage message);

    /** Tells the process in which the handler of a session's request runs; nobody, if that has gone. */
    void toHandler(String process, HandlerSignal signal);

    /**
     * A receipt with an address, by which nodes of any process can have it told. If the session is gone with the node that had it, the engine
     * tells that it is lost.
     */
    Receipt addressed(String session, Receipt receipt);

    /** The receipt of an address. If its process has gone, what it is told goes nowhere. */
    Receipt receipt(String address);
}
