package dev.bowline.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.testkit.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class RedisPresenceTest extends PresenceTestBase {
    private final TestProcess a = process("a");
    private final TestProcess b = process("b");
    private final TestNode a0 = a.node(0);
    private final TestNode a1 = a.node(1);
    private final TestNode b0 = b.node(0);

    @Test
    void aUserIsThereWithTheFirstSessionAndUntilTheLast() {
        assertThat(a0.watch("room")).isEmpty();
        assertThat(b0.watch("room")).isEmpty();
        a0.enter("room", "ada", "s1");
        a1.enter("room", "ada", "s2");
        b0.enter("room", "ada", "s3");
        b0.enter("room", "bob", "s4");
        assertThat(a0.list("room")).containsExactly("ada", "bob");
        assertThat(b0.list("room")).containsExactly("ada", "bob");
        assertThat(b0.list("other")).isEmpty();
        a0.leave("room", "ada", "s1");
        b0.leave("room", "ada", "s3");
        b0.leave("room", "bob", "s4");
        a1.leave("room", "ada", "s2");
        expectSeen(a0, "room");
        expectSeen(b0, "room");
        expectInRedis("EXISTS " + seats("room") + " " + present("room"), ":0");
        for (TestNode node : List.of(a0, b0)) {
            List<String> told = node.drain();
            assertThat(told)
                    .containsExactlyInAnyOrder("join room ada", "join room bob", "leave room bob", "leave room ada");
            assertThat(told.indexOf("join room ada")).isZero();
        }
    }

    @Test
    void whatIsSaidTwiceIsTheSame() {
        a0.watch("room");
        a0.enter("room", "ada", "s1");
        a0.enter("room", "ada", "s1");
        assertThat(ask("HGET " + present("room") + " ada")).isEqualTo("1");
        a0.leave("room", "ada", "s1");
        a0.leave("room", "ada", "s1");
        a0.leave("room", "ada", "s9");
        a0.leave("nowhere", "ada", "s1");
        expectSeen(a0, "room");
        a0.enter("room", "bob", "s2");
        expectSeen(a0, "room", "bob");
        assertThat(a0.drain()).containsExactly("join room ada", "leave room ada", "join room bob");
    }

    @Test
    void aSessionMovesBetweenMembersAndProcessesUnseen() {
        TestNode watcher = b.node(1);
        watcher.watch("room");
        a0.enter("room", "ada", "s1");
        a1.enter("room", "ada", "s1");
        a0.leave("room", "ada", "s1"); // a0 no longer has it
        b0.enter("room", "ada", "s1");
        a1.leave("room", "ada", "s1"); // nor has a1
        expectInRedis("SCARD " + topicsOf("a.1"), ":0"); // a knows, and has nothing more to do with the topic
        assertThat(ask("HLEN " + seats("room"))).isEqualTo(":1");
        a0.enter("room", "ada", "s1");
        expectInRedis("SCARD " + topicsOf("b.1"), ":0");
        b0.leave("room", "ada", "s1");
        assertThat(b0.list("room")).containsExactly("ada");
        expectSeen(watcher, "room", "ada");
        a0.leave("room", "ada", "s1");
        expectSeen(watcher, "room");
        assertThat(watcher.drain()).containsExactly("join room ada", "leave room ada");
    }

    @Test
    void aProcessIsKnownInItsTopicsWhileItHasSeatsThere() {
        a0.enter("room", "ada", "s1");
        a0.enter("hall", "ada", "s1");
        a0.enter("hall", "bob", "s2");
        assertThat(ask("SCARD " + topicsOf("a.1"))).isEqualTo(":2");
        a0.leave("hall", "ada", "s1");
        a0.leave("room", "ada", "s1");
        expectInRedis("SISMEMBER " + topicsOf("a.1") + " room", ":0");
        assertThat(ask("SISMEMBER " + topicsOf("a.1") + " hall")).isEqualTo(":1");
        a0.enter("room", "ada", "s1");
        assertThat(ask("SISMEMBER " + topicsOf("a.1") + " room")).isEqualTo(":1");
    }

    @Test
    void manyComeAndGoAtOnce() {
        b0.watch("room");
        List<CompletableFuture<Void>> done = new ArrayList<>();
        IntStream.range(0, 2_000).forEach(i -> done.add(a0.entering("room", "user" + i % 1_000, "s" + i)));
        done.forEach(RedisTestBase::get);
        assertThat(a0.list("room")).hasSize(1_000);
        Await.untilEquals("users seen", () -> b0.seen("room").size(), 1_000);
        IntStream.range(0, 2_000).forEach(i -> a0.leave("room", "user" + i % 1_000, "s" + i));
        expectSeen(b0, "room");
        assertThat(b0.drain()).hasSize(2_000);
    }

    @Test
    void aMemberThatGoesLeavesItsSeatsWhereTheyAreForTheWindow() {
        b0.watch("room");
        a0.enter("room", "ada", "s1");
        a0.enter("room", "bob", "s2");
        a1.enter("room", "cleo", "s3");
        a.presence.left(0, a0);
        a.presence.tick();
        b0.enter("room", "bob", "s2");
        expectSeen(b0, "room", "ada", "bob", "cleo");
        a.aheadNanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(LONG));
        a.presence.tick();
        expectSeen(b0, "room", "bob", "cleo");
        assertThat(b0.drain()).containsExactly("join room ada", "join room bob", "join room cleo", "leave room ada");
    }

    @Nested
    @DisplayName("a watch")
    final class Watch {
        private String subscriptions() {
            return ask("PUBSUB CHANNELS *}:presence");
        }

        @Test
        void tellsTheListAndThenChanges() {
            a0.enter("room", "ada", "s1");
            assertThat(b0.watch("room")).containsExactly("ada");
            a0.enter("room", "bob", "s2");
            expectSeen(b0, "room", "ada", "bob");
            assertThat(b0.drain()).containsExactly("join room bob");
        }

        @Test
        void isOneSubscriptionHoweverManyWatch() {
            assertThat(subscriptions()).isEqualTo("*2"); // the processes' own
            a0.watch("room");
            a1.watch("room");
            b0.watch("room");
            assertThat(subscriptions()).isEqualTo("*3");
            a0.unwatch("room");
            b0.enter("room", "ada", "s1");
            expectSeen(a1, "room", "ada");
            a1.unwatch("room");
            b0.unwatch("room");
            expectInRedis("PUBSUB CHANNELS *}:presence", "*2");
        }

        @Test
        void thatIsOverTellsNothingMore() {
            a0.watch("room");
            a1.watch("room");
            a0.unwatch("room");
            b0.enter("room", "ada", "s1");
            expectSeen(a1, "room", "ada");
            expectNothingTold(a0);
            assertThat(a0.watch("room")).containsExactly("ada");
            a.presence.left(0, a0);
            b0.leave("room", "ada", "s1");
            expectSeen(a1, "room");
            expectNothingTold(a0);
        }

        @Test
        void thatIsEndedBeforeTheListCameIsAnswered() {
            CompletableFuture<List<String>> first = a0.watching("room");
            a0.unwatch("room");
            CompletableFuture<List<String>> second = a0.watching("room");
            assertThat(RedisTestBase.get(second)).isEmpty();
            Await.until("the first one is answered", first::isDone);
            b0.enter("room", "ada", "s1");
            expectSeen(a0, "room", "ada");
        }

        @Test
        void noticesThatSomethingWasMissed() {
            a0.enter("room", "ada", "s1");
            b0.watch("room");
            ask("HSET " + present("room") + " bob 1");
            ask("HDEL " + present("room") + " ada");
            ask("HINCRBY " + roll("room") + " number 1"); // and nobody told b
            a0.enter("room", "cleo", "s3");
            expectSeen(b0, "room", "bob", "cleo");
            assertThat(b0.drain()).containsExactlyInAnyOrder("leave room ada", "join room bob", "join room cleo");
        }

        @Test
        void noticesThatTheCountBeganAnew() {
            a0.enter("room", "ada", "s1");
            a0.enter("room", "bob", "s2");
            a0.enter("room", "cleo", "s3");
            b0.watch("room");
            ask("FLUSHALL");
            a0.enter("room", "dan", "s4");
            expectSeen(b0, "room", "dan");
            a0.leave("room", "dan", "s4");
            expectSeen(b0, "room");
        }

        @Test
        void readsTheListAgainWhenTheSubscriptionWasLost() {
            a0.enter("room", "ada", "s1");
            b0.watch("room");
            ask("HSET " + present("room") + " bob 1");
            ask("HDEL " + present("room") + " ada");
            b.presence.subscribedAgain();
            expectSeen(b0, "room", "bob");
            assertThat(b0.drain()).containsExactlyInAnyOrder("leave room ada", "join room bob");
        }
    }

    @Nested
    @DisplayName("a list of wishes")
    final class Wishes {
        private static final String FOREVER = "9000000000000000"; // later than any word

        private List<String> say(TestProcess process, int number, String... session) {
            List<byte[]> arguments = new ArrayList<>();
            List.of(process.processes.name(), "" + number, "e", "channel", "60000", "test:{p:", "room")
                    .forEach(argument -> arguments.add(RedisLink.bytes(argument)));
            List.of(session).forEach(argument -> arguments.add(RedisLink.bytes(argument)));
            return RedisTestBase.get(process.link.run(
                            Script.SEATS, new Keys("test").presence("room"), arguments.toArray(byte[][]::new)))
                    .stream()
                    .map(stamp -> RedisLink.text((byte[]) stamp))
                    .toList();
        }

        @Test
        void thatIsSentAgainDoesNotTakeBackWhatOthersDidSince() {
            String stamp = say(a, 1, "e", "s1", "0", "ada", FOREVER).get(0);
            assertThat(say(a, 1, "e", "s1", "0", "ada", FOREVER)).containsExactly(stamp);
            assertThat(say(b, 1, "e", "s1", "0", "ada", FOREVER).get(0)).isGreaterThan(stamp);
            assertThat(say(a, 1, "e", "s1", "0", "ada", FOREVER)).containsExactly("0");
            assertThat(say(a, 2, "h", "s1", "0", "ada", stamp)).containsExactly("0");
            assertThat(say(a, 3, "l", "s1", "0", "ada", FOREVER)).containsExactly("0");
            assertThat(ask("HLEN " + seats("room"))).isEqualTo(":1");
        }

        @Test
        void thatComesLateDoesNotTakeBackWhatOthersDidBefore() {
            long wished = a.processes.serverMicros();
            long stamp =
                    Long.parseLong(say(b, 1, "e", "s1", "0", "ada", FOREVER).get(0));
            assertThat(stamp).isBetween(wished - TimeUnit.SECONDS.toMicros(1), wished + TimeUnit.SECONDS.toMicros(9));
            String late = Long.toString(stamp - TimeUnit.SECONDS.toMicros(1) - 1);
            assertThat(say(a, 1, "e", "s1", "0", "ada", late)).containsExactly("0");
            assertThat(say(b, 2, "e", "s1", "1", "ada", late)).doesNotContain("0"); // it is b's already
            String soon = Long.toString(stamp);
            assertThat(say(a, 2, "e", "s1", "0", "ada", soon)).doesNotContain("0");
        }

        @Test
        void bringsBackWhatWasLostInWhateverOrder() {
            String older = say(a, 1, "e", "s1", "0", "ada", FOREVER).get(0);
            String newer = say(b, 1, "e", "s1", "0", "ada", FOREVER).get(0);
            for (boolean olderFirst : new boolean[] {true, false}) {
                ask("FLUSHALL");
                if (olderFirst) {
                    assertThat(say(a, 2, "h", "s1", "0", "ada", older)).containsExactly(older);
                    assertThat(say(b, 2, "h", "s1", "0", "ada", newer)).containsExactly(newer);
                } else {
                    assertThat(say(b, 2, "h", "s1", "0", "ada", newer)).containsExactly(newer);
                    assertThat(say(a, 2, "h", "s1", "0", "ada", older)).containsExactly("0");
                }
                assertThat(ask("HLEN " + seats("room"))).isEqualTo(":1");
                assertThat(say(a, 3, "l", "s1", "0", "ada", FOREVER)).containsExactly("0");
                assertThat(ask("HLEN " + seats("room"))).isEqualTo(":1");
            }
        }
    }
}
