package dev.bowline.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.testkit.Await;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ProcessesTest extends PresenceTestBase {
    ProcessesTest() {
        super("--appendonly", "yes", "--appendfsync", "always");
    }

    @Test
    void knowWhoIsAlive() {
        TestProcess a = process("a");
        TestProcess b = process("b");
        assertThat(a.processes.name()).isEqualTo("a.1");
        assertThat(b.processes.alive("a.1")).isTrue();
        assertThat(a.processes.alive("b.1")).isFalse(); // not yet
        a.beat();
        assertThat(a.processes.alive("b.1")).isTrue();
        assertThat(a.processes.alive("a.1")).isTrue();
        assertThat(a.processes.alive("b")).isFalse();
        assertThat(a.told).isEmpty();
    }

    @Test
    void giveUpOneThatIsSilentForALease() {
        TestProcess a = process("a", SHORT, LONG).start();
        TestProcess c = process("c", SHORT, LONG).start();
        long begin = System.nanoTime();
        process("b", SHORT, LONG);
        a.expectTold("gone b.1");
        assertThat(System.nanoTime() - begin).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(SHORT - 5));
        c.expectTold("gone b.1");
        assertThat(a.processes.alive("b.1")).isFalse();
        assertThat(c.processes.alive("b.1")).isFalse();
        assertThat(a.processes.alive("a.1")).isTrue();
        assertThat(a.wasTold("gone c.1")).isFalse();
    }

    @Test
    void learnAtOnceThatOneHasLeft() {
        TestProcess a = process("a");
        TestProcess b = process("b");
        a.beat();
        RedisTestBase.get(b.processes.leave());
        b.beat(); // does nothing any more
        a.beat();
        assertThat(a.told).containsExactly("gone b.1");
        assertThat(a.processes.alive("b.1")).isFalse();
        a.beat();
        assertThat(a.told).containsExactly("gone b.1");
        assertThat(process("c").told).containsExactly("gone b.1"); // who comes later too
    }

    @Test
    void goOnUnderANewNameAfterTheyWereGivenUp() {
        TestProcess a = process("a", SHORT, LONG).start();
        TestProcess b = process("b", SHORT, LONG);
        a.expectTold("gone b.1");
        b.beat();
        assertThat(b.processes.name()).isEqualTo("b.2");
        assertThat(b.wasTold("say again as b.2")).isTrue();
        Await.until("a knows b again", () -> a.processes.alive("b.2"));
        assertThat(a.processes.alive("b.1")).isFalse();
        assertThat(b.processes.alive("b.2")).isTrue();
        assertThat(b.processes.alive("a.1")).isTrue();
    }

    @Test
    void keepTheirNameIfNobodyHasGivenThemUp() {
        TestProcess a = process("a", SHORT, LONG);
        elapse(2 * SHORT);
        a.beat();
        assertThat(a.processes.name()).isEqualTo("a.1");
        assertThat(a.told).isEmpty();
    }

    @Test
    void areNotGivenUpBecauseRedisWasAway() {
        TestProcess a = process("a", 1_000, LONG);
        TestProcess b = process("b", 1_000, LONG);
        redis.kill();
        CompletableFuture<Void> beat = a.processes.beat().toCompletableFuture();
        Await.until("the beat fails", beat::isCompletedExceptionally);
        elapse(1_000);
        redis.start();
        a.beat();
        assertThat(a.processes.alive("b.1")).isTrue();
        assertThat(a.wasTold("say again as a.1")).isTrue(); // the last writes may be lost
        b.beat();
        assertThat(b.processes.name()).isEqualTo("b.1");
        assertThat(b.wasTold("say again as b.1")).isTrue();
    }

    @Test
    void sayEverythingAgainWhenRedisHasForgottenThem() {
        TestProcess b = process("b");
        TestProcess a = process("a");
        ask("FLUSHALL");
        a.beat();
        assertThat(a.processes.name()).isEqualTo("a.2");
        assertThat(a.told.get(0)).isEqualTo("say again as a.2");
        assertThat(a.told).containsExactlyInAnyOrder("say again as a.2", "gone a.1", "gone b.1");
        assertThat(a.processes.alive("a.2")).isTrue();
        b.beat();
        assertThat(b.processes.name()).isEqualTo("b.2");
    }

    @Test
    void clearAwayBehindTheWindowAndAgainUntilItWorked() {
        TestProcess a = process("a", SHORT, SHORT);
        TestProcess b = process("b", SHORT, SHORT);
        List<String> swept = new CopyOnWriteArrayList<>();
        Processes.Listener sweeper = new Processes.Listener() {
            @Override
            public CompletionStage<Void> sweep(String name) {
                swept.add(name);
                return switch (swept.size()) {
                    case 1 -> CompletableFuture.failedStage(new IllegalStateException("Redis is away"));
                    case 2 -> new CompletableFuture<>(); // whoever sweeps has died
                    default -> CompletableFuture.completedStage(null);
                };
            }
        };
        a.processes.listen(sweeper);
        b.processes.listen(sweeper);
        TestProcess gone = process("c", SHORT, SHORT);
        long begin = System.nanoTime();
        RedisTestBase.get(gone.processes.leave());
        a.start();
        b.start();
        Await.until("it is swept", () -> !swept.isEmpty());
        assertThat(System.nanoTime() - begin).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(SHORT - 5));
        expectInRedis("ZCARD " + goneProcesses(), ":0");
        assertThat(swept).containsExactly("c.1", "c.1", "c.1");
    }
}
