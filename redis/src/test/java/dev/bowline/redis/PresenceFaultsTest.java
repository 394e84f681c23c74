package dev.bowline.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bowline.testkit.Await;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Presence while processes die or stand still, and while Redis is away or forgets. */
class PresenceFaultsTest extends PresenceTestBase {
    @Nested
    @DisplayName("a process")
    final class OfProcesses {
        @Test
        void thatDiesIsTakenOutAfterTheWindow() {
            TestNode a = process("a", SHORT, SHORT).start().node(0);
            TestProcess dying = process("b", SHORT, SHORT);
            TestNode b = dying.node(0);
            a.watch("room");
            IntStream.range(0, 700)
                    .mapToObj(i -> b.entering("room", "user" + i % 600, "s" + i))
                    .toList()
                    .forEach(RedisTestBase::get);
            b.enter("hall", "ada", "t1");
            a.enter("room", "ada", "s1000");
            dying.die();
            expectSeen(a, "room", "ada");
            expectList(a, "hall");
            expectInRedis("ZCARD " + goneProcesses(), ":0");
            expectInRedis("EXISTS " + topicsOf("b.1"), ":0");
            assertThat(ask("HLEN " + seats("room"))).isEqualTo(":1");
        }

        @Test
        void thatLeavesIsTakenOutAfterTheWindowAndNotBefore() {
            TestProcess first = process("a", SHORT, LONG);
            TestNode a = first.node(0);
            TestProcess leaving = process("b", SHORT, LONG);
            leaving.node(0).enter("room", "ada", "s1");
            RedisTestBase.get(leaving.processes.leave());
            first.beat();
            assertThat(first.wasTold("gone b.1")).isTrue();
            assertThat(a.list("room")).containsExactly("ada");
            assertThat(ask("ZADD " + goneProcesses() + " 1 b.1")).isEqualTo(":0"); // the window is over
            first.beat();
            expectList(a, "room");
        }

        @Test
        void doesNotTakeAlongASessionThatResumedElsewhere() {
            TestProcess living = process("a", SHORT, 2 * SHORT).start();
            TestNode a = living.node(0);
            a.watch("room");
            TestProcess dying = process("b", SHORT, 2 * SHORT);
            TestNode b = dying.node(0);
            b.enter("room", "ada", "s1");
            b.enter("room", "bob", "s2");
            dying.die();
            living.expectTold("gone b.1");
            a.enter("room", "ada", "s1");
            expectSeen(a, "room", "ada");
            assertThat(a.drain()).containsExactly("join room ada", "join room bob", "leave room bob");
        }

        @Test
        void thatStoodStillAndWasTakenOutComesBack() {
            TestProcess living = process("a", SHORT, 0).start();
            TestNode a = living.node(0);
            a.watch("room");
            TestProcess pausing = process("b", SHORT, 0);
            TestNode b = pausing.node(0);
            b.enter("room", "ada", "s1");
            b.enter("room", "bob", "s2");
            expectSeen(a, "room");
            pausing.start();
            expectSeen(a, "room", "ada", "bob");
            Await.untilEquals("its topics are known", () -> ask("SISMEMBER " + topicsOf("b.2") + " room"), ":1");
            b.leave("room", "ada", "s1");
            expectSeen(a, "room", "bob");
        }

        @Test
        void thatStoodStillDoesNotTakeBackWhatWentElsewhere() {
            TestProcess living = process("a", SHORT, 0).start();
            TestNode a = living.node(0);
            TestProcess pausing = process("b", SHORT, 0);
            TestNode b = pausing.node(0);
            b.enter("room", "ada", "s1");
            b.enter("room", "bob", "s2");
            expectList(a, "room");
            ask("CLIENT KILL TYPE pubsub"); // it does not hear of it either
            a.enter("room", "ada", "s1");
            pausing.start();
            expectList(a, "room", "ada", "bob");
            b.leave("room", "ada", "s1");
            b.leave("room", "bob", "s2");
            expectList(a, "room", "ada");
            a.leave("room", "ada", "s1");
            expectList(a, "room");
        }
    }

    @Nested
    @DisplayName("Redis")
    final class OfRedis {
        @Test
        void thatHasLostItsDataIsToldEverythingAgain() {
            TestProcess first = process("a").start();
            TestProcess second = process("b").start();
            TestNode a = first.node(0);
            TestNode b = second.node(0);
            a.enter("room", "ada", "s1");
            b.enter("room", "bob", "s2");
            b.enter("hall", "ada", "s1");
            a.enter("room", "cleo", "s3");
            b.enter("room", "cleo", "s3"); // it has moved
            a.watch("room");
            redis.kill();
            redis.start();
            expectInRedis("PUBSUB CHANNELS *}:presence", "*3");
            first.presence.subscribedAgain();
            first.beat();
            second.beat();
            expectSeen(a, "room", "ada", "bob", "cleo");
            expectList(b, "hall", "ada");
            expectInRedis("SISMEMBER " + topicsOf("b.2") + " hall", ":1");
            b.leave("room", "cleo", "s3");
            expectSeen(a, "room", "ada", "bob");
        }

        @Test
        void thatIsAwayLearnsWhatWasWishedLastWhenItIsBack() {
            TestProcess first = process("a").start();
            TestNode a = first.node(0);
            a.enter("room", "ada", "s1");
            a.enter("room", "bob", "s2");
            redis.kill();
            CompletableFuture<Void> cleo = a.entering("room", "cleo", "s3");
            CompletableFuture<Void> dan = a.entering("room", "dan", "s4");
            CompletableFuture<Void> eve = a.entering("hall", "eve", "s5");
            a.leave("room", "ada", "s1");
            a.leave("room", "dan", "s4");
            a.leave("room", "bob", "s2");
            CompletableFuture<Void> bob = a.entering("room", "bob", "s2");
            List.of(cleo, dan, eve, bob).forEach(RedisTestBase::get); // given up, that is: to wait
            assertThatThrownBy(() -> a.list("room")).hasMessageContaining("Failed");
            redis.start();
            first.beat();
            expectList(a, "room", "bob", "cleo");
            expectList(a, "hall", "eve");
        }

        @Test
        void thatIsAwayFailsAWatchWhichMayBeTriedAgain() {
            TestProcess first = process("a").start();
            TestNode a = first.node(0);
            redis.kill();
            assertThatThrownBy(() -> a.watch("room")).hasMessageContaining("Failed");
            redis.start();
            first.beat();
            assertThat(a.watch("room")).isEmpty();
            a.enter("room", "ada", "s1");
            expectSeen(a, "room", "ada");
        }

        @Test
        void thatHasLostSomeIsToldAgainInTime() {
            TestProcess first = process("a");
            TestNode a = first.node(0);
            a.enter("room", "ada", "s1");
            a.enter("hall", "ada", "s1");
            ask("DEL " + seats("room") + " " + present("room") + " " + roll("room") + " " + topicsOf("a.1"));
            first.presence.tick();
            assertThat(a.list("room")).isEmpty();
            first.aheadNanos.addAndGet(TimeUnit.MINUTES.toNanos(5));
            first.presence.tick();
            expectList(a, "room", "ada");
            expectInRedis("SCARD " + topicsOf("a.1"), ":2");
        }

        @Test
        void thatHasForgottenAProcessWhichThenDiedLosesItsSeatsToo() {
            TestProcess living = process("a");
            TestNode a = living.node(0);
            TestProcess forgotten = process("b");
            TestProcess other = process("c");
            forgotten.node(0).enter("room", "ada", "s1");
            other.node(0).enter("room", "bob", "s2");
            a.enter("room", "cleo", "s3");
            ask("ZREM " + allProcesses() + " b.1");
            ask("DEL " + topicsOf("b.1"));
            forgotten.die();
            living.aheadNanos.addAndGet(TimeUnit.MINUTES.toNanos(5));
            living.presence.tick();
            expectList(a, "room", "bob", "cleo");
            expectInRedis("HEXISTS " + roll("room") + " p:b", ":0");
            assertThat(ask("HEXISTS " + roll("room") + " p:c")).isEqualTo(":1");
        }

        @Test
        void thatHasLostItsDataIsNotToldWhatAnotherHasEnded() {
            TestProcess first = process("a");
            TestNode a = first.node(0);
            TestNode b = process("b").node(0);
            a.enter("room", "ada", "s1");
            a.enter("room", "bob", "s2");
            ask("FLUSHALL");
            first.presence.released(0, "s1", List.of("room"));
            b.enter("room", "ada", "s1");
            b.leave("room", "ada", "s1");
            expectList(b, "room");
            first.beat();
            expectList(b, "room", "bob");
        }

        @Test
        void forgetsWhatNobodySaysAnyMore() {
            TestNode a = process("a").node(0);
            a.enter("room", "ada", "s1");
            for (String key : List.of(seats("room"), present("room"), roll("room"), topicsOf("a.1"))) {
                long millis = Long.parseLong(ask("PTTL " + key).substring(1));
                assertThat(millis).as(key).isBetween(TimeUnit.HOURS.toMillis(23), TimeUnit.DAYS.toMillis(1));
            }
        }
    }
}
