package dev.bowline.redis;

import java.util.List;

/** The names of keys and channels. All of one topic are in one slot of a cluster. */
final class Keys {
    private final String prefix;

    Keys(String prefix) {
        this.prefix = prefix;
    }

    /** The channel of those who follow a topic. */
    String channel(String topic) {
        return prefix + (topic.startsWith("$") ? ":{$:" : ":{t:") + topic + "}"; // no pattern covers the protocol's own
    }

    /** The topic of a channel; of no other one. */
    String topicOf(String channel) {
        return channel.substring(prefix.length() + 4, channel.length() - 1);
    }

    /** The keys of a topic's log, as the scripts want them. */
    List<String> log(String topic) {
        String begin = channel(topic);
        return List.of(begin + ":state", begin + ":messages", begin + ":publishers", begin + ":since");
    }
}
