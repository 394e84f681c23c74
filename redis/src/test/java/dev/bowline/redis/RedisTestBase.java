package dev.bowline.redis;

import dev.bowline.session.engine.Retention;
import dev.bowline.session.engine.Slice;
import dev.bowline.session.wire.Cursor;
import dev.bowline.session.wire.Payload;
import dev.bowline.testkit.Recorder;
import dev.bowline.testkit.RedisProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;

/** A Redis of the test's own, which keeps every write over its end, and processes that share it. */
@Tag("once")
abstract class RedisTestBase {
    static final Retention ALL = new Retention(1_000, 1_000_000, 1_000_000);
    static final String SERVERS_CLOCK = "";

    private static final Keys KEYS = new Keys("test");

    final RedisProcess redis = RedisProcess.launch("--appendonly", "yes", "--appendfsync", "always");
    private final List<Node> nodes = new ArrayList<>();
    private final AtomicInteger epochs = new AtomicInteger();

    static final class Unknown extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /** What a process has of the engine. */
    static final class Node implements AutoCloseable {
        final Tails tails = new Tails(1_000);
        final Topics topics;
        final RedisLog log;
        final Recorder<String> again = new Recorder<>();
        final RedisLink link;
        private long number;

        Node(RedisOptions options, Supplier<String> epochs) {
            link = new RedisLink(options, new RedisLink.Listener() {
                @Override
                public void onMessage(@Nullable String glob, String channel, byte[] message) {
                    topics.published(glob, channel, message);
                }

                @Override
                public void subscribedAgain() {
                    again.record("again");
                }
            });
            topics = new Topics(link, KEYS, tails);
            log = new RedisLog(link, KEYS, epochs, options);
        }

        Cursor append(String topic, String text) {
            return append(topic, ALL, text, SERVERS_CLOCK);
        }

        Cursor append(String topic, Retention retention, String text, String now) {
            return get(appending(topic, topic, retention, Payload.text(text), null, "node", ++number, now));
        }

        /** Fails with {@link Unknown} where it is not known whether the message was there. */
        CompletionStage<Cursor> appending(
                String topic,
                String name,
                Retention retention,
                Payload payload,
                @Nullable String key,
                String publisher,
                long number,
                String now) {
            return log.append(
                            topic, name, retention, List.of(new RedisLog.Message(payload, key, publisher, number)), now)
                    .thenApply(places -> {
                        Cursor place = places.get(0);
                        if (place == null) {
                            throw new Unknown();
                        }
                        return place;
                    });
        }

        Slice read(String topic, long after) {
            return get(log.read(topic, after, Long.MAX_VALUE, SERVERS_CLOCK));
        }

        @Override
        public void close() {
            link.close();
        }
    }

    final Node node() {
        Node made = new Node(RedisOptions.of(redis.uri()), () -> "e" + epochs.incrementAndGet());
        nodes.add(made);
        return made;
    }

    static <T> T get(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for Redis", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("Redis failed: " + e, e);
        }
    }

    static List<String> texts(Slice part) {
        return part.entries().stream()
                .map(entry -> entry.message().asText().replace('\n', '|'))
                .toList();
    }

    @AfterEach
    final void stop() {
        nodes.forEach(Node::close);
        redis.close();
    }
}
