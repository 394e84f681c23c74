package dev.bowline.redis;

import dev.bowline.session.wire.TopicPattern;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Which topics have grown when, roughly: for those who follow a pattern, and were away. Safe from any thread.
 *
 * <p>A topic is noted before a message is appended, so none is missing; and not for each one, so some are there without need.
 */
final class TopicIndex {
    /** For how long a note holds that this process has made. */
    private static final long NOTE_MILLIS = 5_000;

    /** How much earlier than asked for a note may be: it holds for as long as above, and an append may be on its way. */
    private static final long SLACK_MILLIS = 2 * NOTE_MILLIS;

    /** By how much the clocks of a cluster's servers may differ. */
    private static final long CLOCKS_MILLIS = 1_000;

    private static final Duration KNOWN = Duration.ofDays(1);
    private static final int MAX_NOTED = 100_000;
    private static final int PAGE = 1_000;

    /** Whom to tell which topic has grown, and behind which offset. */
    interface Told {
        void onGrown(String topic, String name, String epoch, long before);
    }

    private final Site site;
    private final Keys keys;
    private final Supplier<String> epochs;
    private final Map<String, Long> noted =
            new LinkedHashMap<>(); // when this process did so, in ns; the earliest first; under the lock

    TopicIndex(Site site, Keys keys, Supplier<String> epochs) {
        this.site = site;
        this.keys = keys;
        this.epochs = epochs;
    }

    /** A message is about to be appended: the stage ends when that may be done. */
    CompletionStage<?> note(String topic) {
        long now = System.nanoTime();
        if (topic.startsWith("$")) {
            return CompletableFuture.completedFuture(null); // no pattern covers the protocol's own
        }
        synchronized (this) {
            Long before = noted.get(topic);
            if (before != null && now - before < TimeUnit.MILLISECONDS.toNanos(NOTE_MILLIS)) {
                return CompletableFuture.completedFuture(null);
            }
        }
        return site.link()
                .run(Script.GREW, keys.grown(), RedisLink.bytes(topic), Keeping.number(KNOWN.toMillis()))
                .thenAccept(done -> noted(topic, now));
    }

    private synchronized void noted(String topic, long nanos) {
        noted.remove(topic);
        noted.put(topic, nanos);
        if (noted.size() > MAX_NOTED) {
            noted.remove(noted.keySet().iterator().next());
        }
    }

    /** What Redis knew may be gone. */
    synchronized void forget() {
        noted.clear();
    }

    /** The server's time, in ms. */
    CompletionStage<Long> clock() {
        return site.link().run(Script.CLOCK, keys.grown()).thenApply(found -> Reply.number(found, 0));
    }

    /** Tells of all topics of a pattern that have grown since a time, and perhaps of some that have not. */
    CompletionStage<Void> since(TopicPattern pattern, long sinceMillis, Told told) {
        return page(pattern, sinceMillis, told, 0);
    }

    private CompletionStage<Void> page(TopicPattern pattern, long sinceMillis, Told told, int from) {
        return site.link()
                .run(
                        Script.GROWN,
                        keys.grown(),
                        Keeping.number(sinceMillis - SLACK_MILLIS),
                        Keeping.number(from),
                        Keeping.number(PAGE))
                .thenCompose(found -> {
                    List<String> topics = Reply.texts(found, 0);
                    CompletableFuture<?>[] looked = topics.stream()
                            .filter(pattern::matches)
                            .map(topic -> behind(topic, sinceMillis - CLOCKS_MILLIS, false, told)
                                    .toCompletableFuture())
                            .toArray(CompletableFuture[]::new);
                    CompletionStage<Void> all = CompletableFuture.allOf(looked);
                    return topics.size() < PAGE
                            ? all
                            : all.thenCompose(nothing -> page(pattern, sinceMillis, told, from + PAGE));
                });
    }

    /** Tells of a topic, if it has grown since a time, or goes on in another epoch. */
    CompletionStage<Void> behind(String topic, long sinceMillis, Told told) {
        return behind(topic, sinceMillis - CLOCKS_MILLIS, true, told);
    }

    private CompletionStage<Void> behind(String topic, long sinceMillis, boolean always, Told told) {
        return site.link()
                .run(
                        Script.BEHIND,
                        keys.log(topic).subList(0, 2),
                        RedisLink.bytes(epochs.get()),
                        Keeping.number(sinceMillis))
                .thenAccept(found -> {
                    long before = Reply.number(found, 2);
                    if (always || before < Reply.number(found, 3)) {
                        String name = Reply.text(found, 1);
                        told.onGrown(topic, name.isEmpty() ? topic : name, Reply.text(found, 0), before);
                    }
                });
    }
}
