package dev.bowline.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.session.engine.Callback;
import dev.bowline.session.engine.Log;
import dev.bowline.session.engine.Loop;
import dev.bowline.session.engine.Retention;
import dev.bowline.session.engine.Slice;
import dev.bowline.session.wire.Payload;
import dev.bowline.testkit.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a node appends faster than Redis answers. */
class AppendsTest extends RedisTestBase {
    private static final Retention MANY = new Retention(10_000, 100_000_000, 1_000_000);

    private final RedisEngine engine =
            new RedisEngine(RedisOptions.of(redis.uri()).withTimeout(Duration.ofMillis(300)));
    private final RedisEngine other = new RedisEngine(RedisOptions.of(redis.uri()));
    private final Loop node = new Loop(engine);
    private final Loop follower = new Loop(other);
    private final List<String> results = new ArrayList<>(); // in the order in which they came

    @AfterEach
    void closeEngines() {
        engine.close();
        other.close();
    }

    private void append(String name, Retention retention, String text) {
        append(name, retention, Payload.text(text), text);
    }

    private void append(String name, Retention retention, Payload payload, String label) {
        node.engine()
                .log()
                .append(
                        "news",
                        name,
                        retention,
                        payload,
                        null,
                        null,
                        0,
                        Callback.of(
                                place -> results.add(label + " " + place.offset()),
                                failure -> results.add(label + " " + failure.code())));
    }

    private void awaitResults(int count) {
        Await.until(count + " results", () -> {
            Loop.run(node);
            return results.size() == count;
        });
    }

    private Slice read(Loop reader, long after) {
        List<Slice> found = new ArrayList<>();
        reader.engine()
                .log()
                .read(
                        "news",
                        after,
                        Log.UNLIMITED,
                        0,
                        Callback.of(found::add, failure -> results.add("read " + failure.code())));
        Await.until("an answer", () -> {
            Loop.run(reader);
            return !found.isEmpty();
        });
        return found.get(0);
    }

    private long calls() {
        String stats = redis.info("commandstats", "cmdstat_evalsha");
        return stats.isEmpty() ? 0 : Long.parseLong(stats.replaceAll("calls=(\\d+),.*", "$1"));
    }

    @Test
    void goesTogetherInOrderAndEachIsToldItsPlace() {
        int count = 1_000;
        follower.engine().bus().follow("news");
        read(follower, 0); // so that it follows
        append("news", MANY, "0");
        awaitResults(1);
        long before = calls();
        for (int i = 1; i < count; i++) {
            append("news", MANY, Integer.toString(i));
        }
        awaitResults(count);
        assertThat(results)
                .containsExactlyElementsOf(IntStream.range(0, count)
                        .mapToObj(i -> i + " " + (i + 1))
                        .toList());
        assertThat(calls() - before).as("calls").isLessThan(count / 4);
        Await.until("all is read", () -> read(follower, 0).end() == count);
        assertThat(texts(read(follower, 0)))
                .containsExactlyElementsOf(IntStream.range(0, count)
                        .mapToObj(i -> "pub news " + (i + 1) + "|" + i)
                        .toList());
        assertThat(texts(read(follower, count - 1))).containsExactly("pub news 1000|999");
    }

    @Test
    void largeOnesGoByFew() {
        String half = "x".repeat(Appends.MAX_CALL_BYTES / 2);
        append("news", MANY, Payload.text(half), "first"); // so that the others wait
        awaitResults(1);
        long before = calls();
        for (int i = 1; i <= 5; i++) {
            append("news", MANY, Payload.text(half), "m" + i);
        }
        awaitResults(6);
        assertThat(results).containsExactly("first 1", "m1 2", "m2 3", "m3 4", "m4 5", "m5 6");
        assertThat(calls() - before).as("calls").isGreaterThanOrEqualTo(5);
    }

    @Test
    void whatIsKeptOtherwiseGoesByItself() {
        append("news", MANY, "a");
        append("news", MANY, "b");
        append("news", new Retention(2, 1_000_000, 1_000_000), "c");
        append("news", MANY, "d");
        awaitResults(4);
        assertThat(results).containsExactly("a 1", "b 2", "c 3", "d 4");
        assertThat(read(node, 0).begin()).isEqualTo(2);
    }

    @Test
    void allOfACallAreToldThatItFailed() {
        append("news", MANY, "a");
        awaitResults(1);
        redis.pause();
        for (String text : List.of("b", "c", "d")) {
            append("news", MANY, text);
        }
        awaitResults(4);
        assertThat(results.subList(1, 4)).containsExactly("b timeout", "c timeout", "d timeout");
        redis.resume();
        append("news", MANY, "e");
        awaitResults(5);
        assertThat(results.get(4)).startsWith("e ").doesNotContain("timeout");
    }
}
