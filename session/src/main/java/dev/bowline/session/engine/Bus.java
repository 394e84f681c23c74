package dev.bowline.session.engine;

import dev.bowline.session.wire.TopicPattern;

/** The way between nodes. */
public interface Bus {
    /** Has the node told of everything that comes to a topic from now on. */
    void follow(String topic);

    void unfollow(String topic);

    /**
     * As {@link #follow}, of all topics that a pattern covers. What is followed more than once is told once.
     *
     * @param done is told when that is in effect, and given the pattern again
     */
    void followAll(TopicPattern pattern, Callback<TopicPattern> done);

    void unfollowAll(TopicPattern pattern);

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
}
