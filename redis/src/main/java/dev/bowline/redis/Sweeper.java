package dev.bowline.redis;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Takes out the seats of processes that are gone. All it does may be done twice. Safe from any thread. */
final class Sweeper {
    private static final Logger LOGGER = System.getLogger(Sweeper.class.getName());

    private final RedisLink link;
    private final Keys keys;
    private final Processes processes;
    private final Supplier<String> epochs;

    Sweeper(RedisLink link, Keys keys, Processes processes, Supplier<String> epochs) {
        this.link = link;
        this.keys = keys;
        this.processes = processes;
        this.epochs = epochs;
    }

    /** In all topics of a process, by its name. */
    CompletionStage<Void> sweep(String name) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        link.run(Script.TOPICS, keys.topicsOf(name)).whenComplete((found, failure) -> {
            if (failure != null) {
                done.completeExceptionally(failure);
            } else {
                Deque<String> topics = new ArrayDeque<>(found.size());
                found.forEach(topic -> topics.addLast(RedisLink.text((byte[]) topic)));
                sweep(name, topics, done);
            }
        });
        return done;
    }

    private void sweep(String name, Deque<String> topics, CompletableFuture<Void> done) {
        String topic = topics.pollFirst();
        if (topic == null) {
            done.complete(null);
            return;
        }
        int dot = name.indexOf('.');
        sweep(topic, name.substring(0, dot), name.substring(dot + 1))
                .thenCompose(nothing -> link.run(
                        Script.TOPICS,
                        keys.topicsOf(name),
                        RedisLink.bytes("-"),
                        RedisLink.bytes(topic),
                        RedisLink.bytes(Long.toString(Seats.KEEP_MILLIS))))
                .whenComplete((nothing, failure) -> {
                    if (failure != null) {
                        done.completeExceptionally(failure);
                    } else {
                        sweep(name, topics, done);
                    }
                });
    }

    /**
     * In one topic.
     *
     * @param generation the last one that is gone; empty for all of the process
     */
    private CompletionStage<Void> sweep(String topic, String process, String generation) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        sweep(topic, process, generation, "0", done);
        return done;
    }

    private void sweep(String topic, String process, String generation, String cursor, CompletableFuture<Void> done) {
        link.run(
                        Script.SWEEP,
                        keys.presence(topic),
                        RedisLink.bytes(process),
                        RedisLink.bytes(cursor),
                        RedisLink.bytes(epochs.get()),
                        RedisLink.bytes(keys.presenceChannel(topic)),
                        RedisLink.bytes(Long.toString(Seats.KEEP_MILLIS)),
                        RedisLink.bytes(generation))
                .whenComplete((found, failure) -> {
                    if (failure != null) {
                        done.completeExceptionally(failure);
                        return;
                    }
                    String next = RedisLink.text((byte[]) found.get(0));
                    if (next.equals("0")) {
                        done.complete(null);
                    } else {
                        sweep(topic, process, generation, next, done);
                    }
                });
    }

    /**
     * Looks for what no sweep has found: the seats of processes of which nothing is known, as Redis had forgotten them when they ended. One
     * that lives is forgotten too until its next beat, and then says everything again.
     */
    void audit(String topic) {
        link.run(Script.SAYERS, List.of(keys.presence(topic).get(2)))
                .thenCompose(found -> {
                    List<String> unknown = unknown(found.stream()
                            .map(id -> RedisLink.text((byte[]) id))
                            .toList());
                    return unknown.isEmpty()
                            ? CompletableFuture.completedStage(unknown)
                            : processes // the first of these may have been under way before they said anything
                                    .beat()
                                    .thenCompose(nothing -> processes.beat())
                                    .thenApply(nothing -> unknown(unknown));
                })
                .thenCompose(unknown -> CompletableFuture.allOf(unknown.stream()
                        .map(id -> sweep(topic, id, "").toCompletableFuture())
                        .toArray(CompletableFuture[]::new)))
                .whenComplete((nothing, failure) -> {
                    if (failure != null) {
                        LOGGER.log(
                                Level.DEBUG, "who has seats in a topic is looked for later: {0}", failure.toString());
                    }
                });
    }

    private List<String> unknown(List<String> ids) {
        return ids.stream().filter(id -> !processes.knows(id)).toList();
    }
}
