package dev.bowline.redis;

import java.util.ArrayList;
import java.util.List;

/**
 * What is said on the channel of a topic's presence: "EPOCH NUMBER", and behind a line feed each a user who came, behind a plus sign, or
 * went, behind a minus sign.
 *
 * @param number of the epoch; each is one higher than the one before it
 */
record PresenceChanges(String epoch, long number, List<Change> all) {
    record Change(String user, boolean present) {}

    static PresenceChanges parse(byte[] message) {
        String[] lines = RedisLink.text(message).split("\n", -1);
        int space = lines[0].indexOf(' ');
        List<Change> all = new ArrayList<>(lines.length - 1);
        for (int i = 1; i < lines.length; i++) {
            all.add(new Change(lines[i].substring(1), lines[i].charAt(0) == '+'));
        }
        return new PresenceChanges(
                lines[0].substring(0, space), Long.parseLong(lines[0].substring(space + 1)), List.copyOf(all));
    }
}
