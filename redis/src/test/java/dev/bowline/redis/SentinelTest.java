package dev.bowline.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.session.engine.Slice;
import dev.bowline.session.wire.Cursor;
import dev.bowline.session.wire.TopicPattern;
import dev.bowline.testkit.RedisSentinels;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Logs and those who follow them, when the master is gone and its replica takes its place. Each test begins with both. */
@Tag("once")
class SentinelTest {
    private static final AtomicInteger EPOCHS = new AtomicInteger();

    @SuppressWarnings("NullAway.Init")
    private static RedisSentinels redis;

    private final RedisTestBase.Node a = node();
    private final RedisTestBase.Node b = node();

    private static RedisTestBase.Node node() {
        return new RedisTestBase.Node(
                RedisOptions.of(redis.uri()).withTimeout(Duration.ofSeconds(5)), // longer than a fail-over takes
                () -> "e" + EPOCHS.incrementAndGet());
    }

    @BeforeAll
    static void start() {
        redis = RedisSentinels.start("--appendonly", "yes");
    }

    @AfterEach
    void closeNodes() {
        a.close();
        b.close();
        redis.restoreReplica();
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    @Test
    void aLogThatLostNothingGoesOnInAnotherEpochThatNamesTheOneBefore() {
        Cursor before = a.append("kept", "one");
        redis.awaitReplica();
        redis.failOver();
        Slice after = b.read("kept", 0);
        assertThat(after.epoch()).isNotEqualTo(before.epoch());
        assertThat(after.former()).containsExactly(before);
        assertThat(RedisTestBase.texts(after)).containsExactly("pub kept 1|one");
        assertThat(a.append("kept", "two")).isEqualTo(new Cursor(after.epoch(), 2));
    }

    @Test
    void aLogThatLostMessagesSaysHowFarItReaches() {
        Cursor kept = a.append("torn", "one");
        redis.awaitReplica();
        redis.detachReplica();
        Cursor lost = a.append("torn", "two");
        assertThat(lost).isEqualTo(new Cursor(kept.epoch(), 2));
        redis.failOver();
        Slice after = b.read("torn", 0);
        assertThat(after.epoch()).isNotEqualTo(lost.epoch());
        assertThat(after.former()).containsExactly(kept); // less far than who has seen "lost" has come
        assertThat(RedisTestBase.texts(after)).containsExactly("pub torn 1|one");
    }

    @Test
    void whoFollowsIsToldThatItMayHaveMissedSomethingAndHearsTheNewMaster() {
        FollowerRecorder follower = new FollowerRecorder();
        a.topics.follow("live", follower);
        RedisTestBase.get(a.topics.whenFollowed("live"));
        RedisTestBase.get(a.topics.followAll(new TopicPattern("wide.*"), follower));
        b.append("live", "one");
        follower.told.expect("grown live behind 0");
        redis.awaitReplica();
        redis.failOver();
        a.again.take();
        b.append("live", "two"); // as soon as the link is there again: it waits for that
        b.append("wide.1", "one");
        follower.told.expect("grown live behind 1");
        follower.told.expect("grown wide.1 behind 0");
        follower.told.close();
    }
}
