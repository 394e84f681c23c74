package dev.bowline.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.session.wire.Cursor;
import dev.bowline.session.wire.Payload;
import dev.bowline.session.wire.TopicPattern;
import dev.bowline.testkit.RedisCluster;
import dev.bowline.testkit.RedisProcess;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Logs and those who follow them on a cluster of three masters. */
@Tag("once")
class ClusterTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    private static final AtomicInteger EPOCHS = new AtomicInteger();

    /** Enough of them for all nodes to have some. */
    private static final List<String> TOPICS =
            IntStream.range(0, 12).mapToObj(i -> "t." + i).toList();

    @SuppressWarnings("NullAway.Init")
    private static RedisCluster redis;

    private final FollowerRecorder follower = new FollowerRecorder();
    private final RedisTestBase.Node a = node();
    private final RedisTestBase.Node b = node();

    private static RedisTestBase.Node node() {
        return new RedisTestBase.Node(
                RedisOptions.ofCluster(redis.uris()).withTimeout(TIMEOUT), () -> "e" + EPOCHS.incrementAndGet());
    }

    @BeforeAll
    static void start() {
        redis = RedisCluster.start("--appendonly", "yes", "--appendfsync", "always");
    }

    @AfterEach
    void closeNodes() {
        a.close();
        b.close();
        redis.awaitComplete();
        for (RedisProcess node : redis.nodes()) {
            node.ask("FLUSHALL");
        }
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    private static RedisProcess home(String topic) {
        return redis.nodeOf(new Keys("test").log(topic).get(0));
    }

    @Test
    void eachTopicIsWholeOnItsNode() {
        Set<RedisProcess> homes = new HashSet<>();
        for (String topic : TOPICS) {
            Cursor first = a.append(topic, "one");
            assertThat(first.offset()).isEqualTo(1);
            RedisTestBase.get(b.appending(
                    topic, topic, RedisTestBase.ALL, Payload.text("two"), null, "b", 1, RedisTestBase.SERVERS_CLOCK));
            assertThat(RedisTestBase.texts(b.read(topic, 0)))
                    .containsExactly("pub " + topic + " 1|one", "pub " + topic + " 2|two");
            homes.add(home(topic));
        }
        assertThat(homes).hasSize(3);
    }

    @Test
    void whoFollowsIsToldOfEachMessageOnce() {
        for (String topic : TOPICS) {
            a.topics.follow(topic, follower);
            RedisTestBase.get(a.topics.whenFollowed(topic));
        }
        RedisTestBase.get(a.topics.followAll(new TopicPattern("t.*"), follower));
        RedisTestBase.get(a.topics.followAll(new TopicPattern("u.*"), follower));
        for (String topic : TOPICS) {
            b.append(topic, "one");
            follower.told.expect("grown " + topic + " behind 0");
        }
        b.append("u.1", "one");
        follower.told.expect("grown u.1 behind 0");
        follower.told.close();
    }

    @Test
    void whoFollowsHearsMessagesThoughTheNodeThatItListenedToIsGone() {
        RedisTestBase.get(a.topics.followAll(new TopicPattern("t.*"), follower));
        RedisProcess listening = redis.nodes().stream()
                .filter(node -> ":1".equals(node.ask("PUBSUB NUMPAT")))
                .findFirst()
                .orElseThrow();
        listening.kill();
        try {
            a.again.take();
            String topic = TOPICS.stream()
                    .filter(one -> home(one) != listening)
                    .findFirst()
                    .orElseThrow();
            b.append(topic, "one");
            follower.told.expect("grown " + topic + " behind 0");
        } finally {
            listening.start();
        }
        follower.told.close();
    }
}
