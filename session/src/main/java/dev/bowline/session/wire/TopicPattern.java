package dev.bowline.session.wire;

/**
 * A topic, or a pattern of topics (section 6.1): {@code *} stands for one segment, {@code >} for one or more at the end. Immutable.
 *
 * @param text as it stands on the wire
 */
public record TopicPattern(String text) {
    public TopicPattern {
        Grammar.requirePattern(text);
    }

    /** Whether it is the name of one topic. */
    public boolean isTopic() {
        return !Grammar.hasWildcard(text);
    }

    /** Whether it covers a topic. The protocol's own, which begin with a dollar sign, are covered by their name alone. */
    public boolean matches(String topic) {
        if (topic.startsWith("$")) {
            return text.equals(topic);
        }
        int at = 0; // in the topic
        int from = 0; // in the pattern
        while (true) {
            int dot = text.indexOf('.', from);
            int end = dot < 0 ? text.length() : dot;
            int topicDot = topic.indexOf('.', at);
            int topicEnd = topicDot < 0 ? topic.length() : topicDot;
            char first = text.charAt(from);
            if (first == '>') {
                return true; // it stands at the end, and a segment is left
            }
            if (first != '*' && (end - from != topicEnd - at || !text.regionMatches(from, topic, at, end - from))) {
                return false;
            }
            if (dot < 0 || topicDot < 0) {
                return dot < 0 && topicDot < 0;
            }
            from = dot + 1;
            at = topicDot + 1;
        }
    }

    /** Whether it covers every topic that another pattern does. */
    public boolean covers(TopicPattern other) {
        if (text.startsWith("$") || other.text.startsWith("$")) {
            return text.equals(other.text);
        }
        String[] mine = text.split("\\.", -1);
        String[] others = other.text.split("\\.", -1);
        for (int i = 0; i < mine.length; i++) {
            if (i == others.length) {
                return false;
            }
            if (mine[i].equals(">")) {
                return true; // a segment of the other's is left, or its own >
            }
            boolean one = !others[i].equals(">"); // which may stand for more than one
            if (!(mine[i].equals("*") && one) && !mine[i].equals(others[i])) {
                return false;
            }
        }
        return mine.length == others.length;
    }

    @Override
    public String toString() {
        return text;
    }
}
