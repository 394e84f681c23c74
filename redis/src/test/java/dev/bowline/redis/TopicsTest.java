package dev.bowline.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.session.engine.Entry;
import dev.bowline.session.engine.Slice;
import dev.bowline.session.wire.Payload;
import dev.bowline.session.wire.TopicPattern;
import dev.bowline.testkit.Await;
import dev.bowline.testkit.Recorder;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

class TopicsTest extends RedisTestBase {
    private final Node a = node();
    private final Node b = node();
    private final Recorder<String> told = new Recorder<>();
    private final Follower follower = follower("");

    private Follower follower(String name) {
        return new Follower() {
            @Override
            public void onGrown(String topic, String called, String epoch, long before) {
                told.record(name + "grown " + topic + " " + called + " behind " + before);
            }

            @Override
            public void onUnlogged(String topic, Entry entry) {
                told.record(name + "unlogged " + entry.message().asText().replace('\n', '|'));
            }
        };
    }

    private void follow(String topic) {
        a.topics.follow(topic, follower);
        get(a.topics.whenFollowed(topic));
    }

    private void followAll(String pattern) {
        get(a.topics.followAll(new TopicPattern(pattern), follower));
    }

    private void publish(String topic, Payload payload) {
        b.topics.publish(topic, Entry.unlogged(topic, payload));
    }

    /** Nothing else was told up to now. */
    private void expectNothingElse() {
        a.topics.follow("sentinel", follower);
        get(a.topics.whenFollowed("sentinel"));
        publish("sentinel", Payload.NONE);
        told.expect("unlogged pub sentinel -");
    }

    @Test
    void tryASubscriptionAgainThatRedisDidNotConfirm() {
        redis.pause();
        try {
            a.topics.follow("news", follower);
            assertThat(a.topics.whenFollowed("news")).failsWithin(Duration.ofSeconds(10));
        } finally {
            redis.resume();
        }
        Await.until("news is followed", () -> {
            CompletableFuture<Void> followed = a.topics.whenFollowed("news").toCompletableFuture();
            followed.exceptionally(failure -> null).join();
            return !followed.isCompletedExceptionally();
        });
        b.append("news", "one");
        told.expect("grown news news behind 0");
    }

    @Test
    void tellWhatGrowsInOrder() {
        follow("news");
        follow("typing");
        b.append("news", "one");
        publish("typing", Payload.text("ada"));
        b.append("other", "one");
        b.append("news", "two");
        publish("typing", Payload.NONE);
        told.expect("grown news news behind 0");
        told.expect("unlogged pub typing -|ada");
        told.expect("grown news news behind 1");
        told.expect("unlogged pub typing -");
        a.topics.unfollow("news", follower);
        b.append("news", "three");
        expectNothingElse();
    }

    @Test
    void tellByPatternAndNothingOfMailboxes() {
        followAll("orders.*");
        followAll(">");
        b.append("orders.1", "one");
        get(b.appending("$mailbox ada", "$mailbox", ALL, Payload.NONE, null, "b", 1, SERVERS_CLOCK));
        told.expect("grown orders.1 orders.1 behind 0");
        a.topics.unfollowAll(new TopicPattern(">"), follower);
        b.append("orders.1.x", "one");
        b.append("orders.2", "one");
        told.expect("grown orders.2 orders.2 behind 0");
        expectNothingElse();
    }

    @Test
    void tellOnceHoweverOftenItIsFollowed() {
        follow("orders.1");
        followAll("orders.*");
        followAll(">");
        b.append("orders.1", "one");
        told.expect("grown orders.1 orders.1 behind 0");
        publish("orders.1", Payload.NONE);
        told.expect("unlogged pub orders.1 -");
        a.topics.unfollow("orders.1", follower);
        publish("orders.1", Payload.text("x"));
        told.expect("unlogged pub orders.1 -|x");
        expectNothingElse();
    }

    @Test
    void tellAllWhoFollowInTheProcess() {
        Follower second = follower("second ");
        follow("news");
        a.topics.follow("news", second);
        b.append("news", "one");
        told.expect("grown news news behind 0");
        told.expect("second grown news news behind 0");
        a.topics.left(follower);
        b.append("news", "two");
        told.expect("second grown news news behind 1");
    }

    @Test
    void keepWhatWasPublishedAtHand() {
        follow("news");
        b.append("news", "one");
        b.append("news", "two");
        told.expect("grown news news behind 0");
        told.expect("grown news news behind 1");
        Slice slice = Objects.requireNonNull(a.tails.behind("news", 0, 1_000));
        Assertions.assertThat(slice.entries()).hasSize(2);
        Assertions.assertThat(slice.epoch()).isEqualTo(b.read("news", 0).epoch());
        Assertions.assertThat(slice.entries().get(1).message()).isEqualTo(Payload.text("pub news 2\ntwo"));
        a.topics.unfollow("news", follower);
        Assertions.assertThat(a.tails.behind("news", 0, 1_000)).isNull();
    }

    @Test
    void tellOnceOfWhatWasAppendedTogether() {
        follow("news");
        b.append("news", "one");
        get(b.log.append(
                "news",
                "news",
                ALL,
                List.of(
                        new RedisLog.Message(Payload.text("two"), "key", "b", 7),
                        new RedisLog.Message(Payload.NONE, null, "b", 8),
                        new RedisLog.Message(Payload.binary(ByteBuffer.wrap(new byte[] {10, -1})), "k y", "b", 9)),
                SERVERS_CLOCK));
        told.expect("grown news news behind 0");
        told.expect("grown news news behind 1");
        Slice slice = Objects.requireNonNull(a.tails.behind("news", 0, 1_000));
        Slice log = b.read("news", 0);
        Assertions.assertThat(slice.entries())
                .extracting(Entry::offset, Entry::key, Entry::message)
                .containsExactlyElementsOf(log.entries().stream()
                        .map(entry -> Assertions.tuple(entry.offset(), entry.key(), entry.message()))
                        .toList());
        Assertions.assertThat(slice.begin()).isEqualTo(log.begin());
        Assertions.assertThat(slice.end()).isEqualTo(4);
    }

    @Test
    void knowTheEpochsThatALogHadBeforeARestart() {
        follow("news");
        b.append("news", "one");
        told.expect("grown news news behind 0");
        redis.kill();
        redis.start();
        a.again.take();
        get(node().appending("news", "news", ALL, Payload.text("two"), null, "c", 1, SERVERS_CLOCK));
        told.expect("grown news news behind 1");
        Slice slice = Objects.requireNonNull(a.tails.behind("news", 1, 1_000));
        Slice log = node().read("news", 1);
        Assertions.assertThat(slice.former()).isEqualTo(log.former()).hasSize(1);
        Assertions.assertThat(slice.begin()).isEqualTo(1);
        Assertions.assertThat(slice.epoch()).isEqualTo(log.epoch());
    }
}
