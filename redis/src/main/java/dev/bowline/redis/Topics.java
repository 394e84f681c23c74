package dev.bowline.redis;

import dev.bowline.session.engine.Entry;
import dev.bowline.session.wire.TopicPattern;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the nodes of a process follow: one subscription in Redis, however many they are. Passes on what is published. Safe from any
 * thread; nobody is called while its lock is held.
 */
final class Topics {
    /** Whoever follows the same, and the subscription. Without anybody it ends, and is over when Redis has said so. */
    private static final class Followers {
        private final Set<Follower> members = new LinkedHashSet<>(2);
        private final CompletableFuture<Void> subscribed = new CompletableFuture<>();
        private final @Nullable Followers before; // which may not be over yet
        private boolean over;

        Followers(@Nullable Followers before) {
            this.before = before;
        }

        /** Whether messages come by it. */
        boolean isInEffect() {
            return (!over && subscribed.isDone()) || (before != null && before.isInEffect());
        }
    }

    private final RedisLink link;
    private final Keys keys;
    private final Tails tails;

    private final Map<String, Followers> topics = new HashMap<>();
    private final Map<TopicPattern, Followers> patterns = new LinkedHashMap<>();

    Topics(RedisLink link, Keys keys, Tails tails) {
        this.link = link;
        this.keys = keys;
        this.tails = tails;
    }

    // ---- Who follows ----

    synchronized void follow(String topic, Follower member) {
        follow(topics, topic, member, () -> link.subscribe(keys.channel(topic)));
    }

    synchronized void unfollow(String topic, Follower member) {
        if (unfollow(topics, topic, member, () -> link.unsubscribe(keys.channel(topic)))
                && patterns.keySet().stream().noneMatch(pattern -> pattern.matches(topic))) {
            tails.forget(topic);
        }
    }

    /** As {@link #follow}; the stage ends when that is in effect. */
    synchronized CompletionStage<Void> followAll(TopicPattern pattern, Follower member) {
        return follow(patterns, pattern, member, () -> link.subscribeAll(glob(pattern)));
    }

    synchronized void unfollowAll(TopicPattern pattern, Follower member) {
        unfollow(patterns, pattern, member, () -> link.unsubscribeAll(glob(pattern)));
    }

    private static <K> CompletionStage<Void> follow(
            Map<K, Followers> map, K key, Follower member, Supplier<CompletionStage<Void>> subscribing) {
        Followers followers = map.get(key);
        if (followers == null || followers.members.isEmpty() || followers.subscribed.isCompletedExceptionally()) {
            Followers begun = new Followers(followers);
            if (followers != null) {
                begun.members.addAll(followers.members);
            }
            map.put(key, begun);
            settle(subscribing.get(), begun);
            followers = begun;
        }
        followers.members.add(member);
        return followers.subscribed;
    }

    /** Whether that was the last one. */
    private <K> boolean unfollow(
            Map<K, Followers> map, K key, Follower member, Supplier<CompletionStage<Void>> unsubscribing) {
        Followers followers = map.get(key);
        if (followers == null || !followers.members.remove(member) || !followers.members.isEmpty()) {
            return false;
        }
        unsubscribing.get().whenComplete((nothing, failure) -> {
            synchronized (this) {
                followers.over = true;
                map.remove(key, followers);
            }
        });
        return true;
    }

    private static void settle(CompletionStage<Void> done, Followers followers) {
        done.whenComplete((nothing, failure) -> {
            if (failure == null) {
                followers.subscribed.complete(null);
            } else {
                followers.subscribed.completeExceptionally(failure);
            }
        });
    }

    /** A glob's stars cross dots: what comes is looked at again. */
    private String glob(TopicPattern pattern) {
        return keys.channel(pattern.text().replace('>', '*'));
    }

    synchronized void left(Follower member) {
        List.copyOf(topics.keySet()).forEach(topic -> unfollow(topic, member));
        List.copyOf(patterns.keySet()).forEach(pattern -> unfollowAll(pattern, member));
    }

    /**
     * When what is published to a topic reaches this process; at once of a topic that nobody here follows by its name. A subscription that
     * Redis did not confirm is tried again by this.
     */
    synchronized CompletionStage<Void> whenFollowed(String topic) {
        Followers followers = topics.get(topic);
        if (followers == null || followers.members.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        if (followers.subscribed.isCompletedExceptionally()) {
            follow(topic, followers.members.iterator().next());
            return Objects.requireNonNull(topics.get(topic), "it is followed").subscribed;
        }
        return followers.subscribed;
    }

    /** A key that is where the topic's log is, by which its server is found. */
    String key(String topic) {
        return keys.channel(topic);
    }

    /** Passes a message of a topic without a log to those who follow it; if Redis is away, to nobody: such a message is for now, or never. */
    void publish(String topic, Entry unlogged) {
        link.publish(keys.channel(topic), Published.unlogged(topic, unlogged));
    }

    // ---- What is published ----

    /**
     * A message on a channel.
     *
     * @param glob by which it came; null where it came by the channel's name
     */
    void published(@Nullable String glob, String channel, byte[] message) {
        String topic = keys.topicOf(channel);
        List<Follower> recipients = recipients(glob, topic);
        if (recipients.isEmpty()) {
            return;
        }
        Published parsed = Published.parse(message);
        if (parsed instanceof Published.Logged logged) {
            tails.add(topic, logged);
            recipients.forEach(member -> member.onGrown(topic, logged.name(), logged.epoch(), logged.before()));
        } else if (parsed instanceof Published.Unlogged unlogged) {
            recipients.forEach(member -> member.onUnlogged(topic, unlogged.entry()));
        }
    }

    /** Redis passes a message on once for each subscription that covers it: all but the first of these are nothing to anybody. */
    private synchronized List<Follower> recipients(@Nullable String glob, String topic) {
        Followers named = topics.get(topic);
        if (glob != null && named != null && named.isInEffect()) {
            return List.of();
        }
        Set<Follower> found = new LinkedHashSet<>(named == null ? Set.of() : named.members);
        boolean first = true;
        for (Map.Entry<TopicPattern, Followers> one : patterns.entrySet()) {
            if (one.getKey().matches(topic)) {
                if (first && glob != null && !glob.equals(glob(one.getKey()))) {
                    return List.of();
                }
                first = first && !one.getValue().isInEffect();
                found.addAll(one.getValue().members);
            }
        }
        return List.copyOf(found);
    }
}
