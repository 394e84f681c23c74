package dev.bowline.session.memory;

import dev.bowline.session.engine.Entry;
import dev.bowline.session.engine.Log.Origin;
import dev.bowline.session.engine.Retention;
import dev.bowline.session.engine.Slice;
import dev.bowline.session.wire.Cursor;
import dev.bowline.session.wire.Payload;
import dev.bowline.session.wire.TopicPattern;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The logs of topics, and which members follow them. Under the engine's lock. */
final class MemoryTopics {
    private final String incarnation;
    private final long maxBytes;
    private final int maxTopics;

    private final LinkedHashMap<String, Topic> topics =
            new LinkedHashMap<>(); // the one without a new message for the longest time first
    private final KnownKeys known = new KnownKeys();
    private final Map<String, Set<MemoryMember>> followed = new HashMap<>();
    private final Map<TopicPattern, Set<MemoryMember>> followedPatterns = new LinkedHashMap<>();
    private int followedVersion; // counts the changes of who follows what
    private long bytes; // of all logs
    private long forgotten; // how many topics were

    MemoryTopics(String incarnation, long maxBytes, int maxTopics) {
        this.incarnation = incarnation;
        this.maxBytes = maxBytes;
        this.maxTopics = maxTopics;
    }

    /** A message and since when it is there. */
    private record Kept(Entry entry, long sinceMillis) {}

    private static final class Topic {
        private final String epoch;
        private final Ring<Kept> kept = new Ring<>(); // without holes, up to the end
        private long end; // the highest offset that was given
        private long bytes;
        private @Nullable Retention retention; // of the latest message; null before the first
        private List<MemoryMember> followers = List.of();
        private int followersVersion = -1;

        Topic(String epoch) {
            this.epoch = epoch;
        }
    }

    long bytes() {
        return bytes;
    }

    // ---- The logs ----

    /** @param origin by which the message is to be known; null for nothing */
    Cursor append(
            String name,
            String wireName,
            Retention retention,
            Payload payload,
            @Nullable String key,
            @Nullable Origin origin,
            long nowMillis) {
        if (origin == null) {
            return append(name, wireName, retention, payload, key, nowMillis);
        }
        Cursor before = known.find(name, origin, nowMillis);
        if (before != null) {
            return before;
        }
        Cursor place = append(name, wireName, retention, payload, key, nowMillis);
        known.add(name, origin, place, nowMillis);
        return place;
    }

    private Cursor append(
            String name, String wireName, Retention retention, Payload payload, @Nullable String key, long nowMillis) {
        Topic topic = topics.remove(name);
        if (topic == null) {
            topic = create();
        }
        topics.put(name, topic); // the last one now
        Entry entry = Entry.of(wireName, topic.end + 1, key, payload);
        topic.end++;
        topic.retention = retention;
        topic.kept.addLast(new Kept(entry, nowMillis));
        topic.bytes += entry.bytes();
        bytes += entry.bytes();
        trim(topic, retention, nowMillis);
        makeRoom();
        for (MemoryMember follower : followers(name, topic)) {
            follower.grown(name, wireName, topic.epoch, topic.end - 1);
        }
        return new Cursor(topic.epoch, topic.end);
    }

    private Topic create() {
        String epoch = epochOfUnknown();
        while (topics.size() >= maxTopics) {
            Iterator<Topic> eldest = topics.values().iterator();
            bytes -= eldest.next().bytes;
            eldest.remove();
            forgotten++;
        }
        return new Topic(epoch);
    }

    /**
     * The epoch of a topic that is not known, and of its log if one begins now: another one whenever a topic was forgotten, as it may have been
     * this one. So a topic without a message takes no place, and who asks for one brings nobody to be forgotten.
     */
    private String epochOfUnknown() {
        return incarnation + "-" + Long.toString(forgotten, Character.MAX_RADIX);
    }

    private void trim(Topic topic, Retention retention, long nowMillis) {
        while (!topic.kept.isEmpty()
                && (topic.kept.size() > retention.maxCount()
                        || (topic.bytes > retention.maxBytes() && topic.kept.size() > 1)
                        || nowMillis - topic.kept.get(0).sinceMillis > retention.maxAgeMillis())) {
            dropFirst(topic);
        }
    }

    private void dropFirst(Topic topic) {
        int size = topic.kept.removeFirst().entry.bytes();
        topic.bytes -= size;
        bytes -= size;
    }

    /** Of the topics without a new message for the longest time, as many messages go as it takes. */
    private void makeRoom() {
        Iterator<Topic> eldest = topics.values().iterator();
        while (bytes > maxBytes && eldest.hasNext()) {
            Topic topic = eldest.next();
            int spared = eldest.hasNext() ? 0 : 1; // the message that came just now
            while (bytes > maxBytes && topic.kept.size() > spared) {
                dropFirst(topic);
            }
        }
    }

    Slice read(String name, long after, long limit, long nowMillis) {
        Topic topic = topics.get(name);
        if (topic == null) {
            return new Slice(epochOfUnknown(), 1, 0, List.of());
        }
        if (topic.retention != null) {
            trim(topic, topic.retention, nowMillis);
        }
        long begin = topic.end - topic.kept.size() + 1;
        return new Slice(topic.epoch, begin, topic.end, limit == 0 ? List.of() : behind(topic, after, begin, limit));
    }

    private static List<Entry> behind(Topic topic, long after, long begin, long limit) {
        List<Entry> found = new ArrayList<>();
        long size = 0;
        for (long offset = Math.max(after + 1, begin); offset <= topic.end; offset++) {
            Entry entry = topic.kept.get((int) (offset - begin)).entry;
            if (!found.isEmpty() && size + entry.bytes() > limit) {
                break;
            }
            found.add(entry);
            size += entry.bytes();
        }
        return found;
    }

    // ---- Who follows ----

    void follow(String topic, MemoryMember member) {
        add(followed, topic, member);
    }

    void unfollow(String topic, MemoryMember member) {
        remove(followed, topic, member);
    }

    void followAll(TopicPattern pattern, MemoryMember member) {
        add(followedPatterns, pattern, member);
    }

    void unfollowAll(TopicPattern pattern, MemoryMember member) {
        remove(followedPatterns, pattern, member);
    }

    private <K> void add(Map<K, Set<MemoryMember>> map, K key, MemoryMember member) {
        if (map.computeIfAbsent(key, some -> new LinkedHashSet<>()).add(member)) {
            followedVersion++;
        }
    }

    private <K> void remove(Map<K, Set<MemoryMember>> map, K key, MemoryMember member) {
        Set<MemoryMember> members = map.get(key);
        if (members != null && members.remove(member)) {
            followedVersion++;
            if (members.isEmpty()) {
                map.remove(key);
            }
        }
    }

    void left(MemoryMember member) {
        removeFromAll(followed, member);
        removeFromAll(followedPatterns, member);
    }

    private <K> void removeFromAll(Map<K, Set<MemoryMember>> map, MemoryMember member) {
        List.copyOf(map.keySet()).forEach(key -> remove(map, key, member));
    }

    private List<MemoryMember> followers(String name, Topic topic) {
        if (topic.followersVersion != followedVersion) {
            topic.followers = followersOf(name);
            topic.followersVersion = followedVersion;
        }
        return topic.followers;
    }

    /** Those who follow a topic, each once. */
    List<MemoryMember> followersOf(String name) {
        Set<MemoryMember> found = new LinkedHashSet<>(followed.getOrDefault(name, Set.of()));
        followedPatterns.forEach((pattern, members) -> {
            if (pattern.matches(name)) {
                found.addAll(members);
            }
        });
        return List.copyOf(found);
    }
}
