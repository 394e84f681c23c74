package dev.bowline.session.server;

/**
 * A topic at a moment, for those who look after the server.
 *
 * @param subscribers how many sessions get its messages
 * @param delivered its messages that were handed to connections, each once for each of them, since the first of those sessions came: who
 *     unsubscribes as the last one takes the count along
 */
public record TopicView(String topic, int subscribers, long delivered) {
    /** What two threads or nodes have of one topic, taken together. */
    public TopicView plus(TopicView other) {
        return new TopicView(topic, subscribers + other.subscribers, delivered + other.delivered);
    }
}
