package dev.bowline.redis;

import java.util.List;

/** The names of keys and channels of topics, processes and presence. All of one topic are in one slot of a cluster. */
final class Keys {
    /** What all channels of {@link RedisPresence} end with, and no other one does. */
    static final String PRESENCE_END = ":presence";

    private static final String PROCESS_END = "}" + PRESENCE_END;

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

    /** Which topics have grown, by the time. */
    List<String> grown() {
        return List.of(prefix + ":{topics}");
    }

    // ---- Processes ----

    /** The keys of all processes: who is alive, who is gone, and when any was heard last. */
    List<String> processes() {
        String begin = prefix + ":{processes}";
        return List.of(begin, begin + ":gone", begin + ":heard");
    }

    /** What the channels of processes begin with; behind it come the process's id, and "}:presence". */
    String processChannels() {
        return prefix + ":{p:";
    }

    /** The channel of a process, by its id, which has all its names. */
    String processChannel(String id) {
        return processChannels() + id + PROCESS_END;
    }

    /** The topics in which a process has seats, by its name. */
    List<String> topicsOf(String process) {
        return List.of(processChannels() + process + "}:topics");
    }

    // ---- Presence ----

    /** The channel of who comes to a topic and leaves it. */
    String presenceChannel(String topic) {
        return channel(topic) + PRESENCE_END;
    }

    /** The topic of such a channel; of no other one. */
    String topicOfPresence(String channel) {
        return topicOf(channel.substring(0, channel.length() - PRESENCE_END.length()));
    }

    /** The keys of a topic's presence, as the scripts that change it want them. */
    List<String> presence(String topic) {
        String begin = channel(topic);
        return List.of(begin + ":seats", begin + ":present", begin + ":roll");
    }

    /** Those that list it. */
    List<String> present(String topic) {
        String begin = channel(topic);
        return List.of(begin + ":present", begin + ":roll");
    }
}
