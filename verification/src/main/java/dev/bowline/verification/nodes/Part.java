package dev.bowline.verification.nodes;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a client is to listen to, and who it is. It follows from its number alone, so that whoever has the numbers knows all of them.
 *
 * @param client from 1
 * @param user its name; empty for none
 * @param patterns what it is subscribed to
 * @param topics where it publishes
 */
record Part(int client, String user, List<String> patterns, List<String> topics) {
    /** A client asks nothing more while so much has no result. */
    static final int MOST_OPEN = 4;

    private static final int LISTENERS = 16; // about so many have a topic
    private static final List<String> BRANCHES = List.of("a", "b", "c");
    private static final int USERS_IN_ROOM = 8;
    private static final int DEVICES = 2;

    static Part of(int client, int clients) {
        int topics = Math.max(1, clients / LISTENERS);
        List<String> patterns = new ArrayList<>();
        List<String> places = new ArrayList<>();
        if (client % 5 == 0) {
            String wide = "wide." + client / 5 % Math.max(1, clients / 5 / LISTENERS);
            patterns.add(wide + ".*");
            BRANCHES.forEach(branch -> places.add(wide + "." + branch));
        } else {
            patterns.add("log." + client % topics);
        }
        places.add("log." + client % topics);
        places.add("log." + client * 7L % topics);
        String user = "";
        if (client % 4 == 0) {
            int number = client / 4 / DEVICES;
            user = "u" + number;
            patterns.add("$mailbox");
            patterns.add("room." + number / USERS_IN_ROOM);
            places.add("room." + number / USERS_IN_ROOM);
        }
        return new Part(client, user, List.copyOf(patterns), List.copyOf(places));
    }

    /** The parts of all clients. */
    static List<Part> all(int clients) {
        List<Part> all = new ArrayList<>();
        for (int client = 1; client <= clients; client++) {
            all.add(of(client, clients));
        }
        return all;
    }

    /** All topics that anybody publishes to. */
    static Set<String> topics(List<Part> parts) {
        Set<String> all = new TreeSet<>();
        parts.forEach(part -> all.addAll(part.topics()));
        return all;
    }

    static Set<String> users(List<Part> parts) {
        Set<String> all = new TreeSet<>();
        parts.stream().map(Part::user).filter(user -> !user.isEmpty()).forEach(all::add);
        return all;
    }

    /** Whether it is told what is published to a topic; the mailbox aside. */
    boolean hears(String topic) {
        return patterns.stream().anyMatch(pattern -> pattern.equals(topic) || covers(pattern, topic));
    }

    private static boolean covers(String pattern, String topic) {
        return pattern.endsWith(".*") && topic.startsWith(pattern.substring(0, pattern.length() - 1));
    }
}
