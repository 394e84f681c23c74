package dev.bowline.realtime;

import dev.bowline.session.wire.Payload;
import java.util.List;

/**
 * What comes by a subscription.
 *
 * <p><b>Order.</b> Each topic's messages come once, in the order of their offsets, over any number of connections; where some can't,
 * {@code onGap} or {@code onReset} stands in their place. A topic that several subscriptions of the client cover is told to each of their
 * listeners.
 *
 * <p><b>Threads.</b> As for {@link SessionListener}.
 */
@FunctionalInterface
public interface TopicListener {
    /**
     * A message.
     *
     * @param topic one that the pattern covers
     * @param offset its place in the topic's log, from 1; 0 where the topic keeps none
     * @param payload the listener's own
     */
    void onMessage(String topic, long offset, Payload payload);

    /**
     * Messages that will not come.
     *
     * @param from the first offset
     * @param to the last one
     * @param code why: {@code trimmed}, {@code dropped}, {@code conflated}
     */
    default void onGap(String topic, long from, long to, String code) {}

    /**
     * The topic has another log: what was not received of the old one will not come, and offsets begin elsewhere.
     *
     * @param code why, such as {@code lost}
     */
    default void onReset(String topic, String code) {}

    /**
     * Who is there, of a subscription with presence; again after each connection.
     *
     * @param users their names
     */
    default void onPresent(String topic, List<String> users) {}

    /** A user came, of a subscription with presence. */
    default void onJoined(String topic, String user) {}

    /** A user is gone, of a subscription with presence. */
    default void onLeft(String topic, String user) {}

    /**
     * The server has refused or ended the subscription; nothing else comes. The end of the session is told to the
     * {@link SessionListener} alone.
     *
     * @param code why, such as {@code forbidden}
     */
    default void onEnded(String pattern, String code) {}
}
