package dev.bowline.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.testkit.Await;
import dev.bowline.testkit.RedisProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;

/** A Redis of the test's own, which keeps nothing over its end, and processes that share it. */
@Tag("once")
abstract class PresenceTestBase {
    static final long LONG = 60_000;
    static final long SHORT = 300;

    private static final Keys KEYS = new Keys("test");

    final RedisProcess redis;
    private final List<TestProcess> all = new ArrayList<>();
    private final AtomicInteger epochs = new AtomicInteger();

    PresenceTestBase(String... settings) {
        redis = RedisProcess.launch(settings);
    }

    /** What a process has of the engine. */
    final class TestProcess implements Processes.Listener {
        final RedisLink link;
        final Processes processes;
        final RedisPresence presence;
        final List<String> told = new ArrayList<>(); // of processes; guarded by itself
        final AtomicLong aheadNanos = new AtomicLong(); // of its clock
        private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
        private final List<TestNode> nodes = new ArrayList<>();
        private @Nullable ScheduledFuture<?> ticks;
        private boolean over;

        private TestProcess(String id, long leaseMillis, long windowMillis) {
            RedisOptions options = RedisOptions.of(redis.uri()).withTimeout(Duration.ofMillis(500));
            CompletableFuture<RedisPresence> made = new CompletableFuture<>();
            link = new RedisLink(options, (glob, channel, message) -> {
                if (channel.endsWith(Keys.PRESENCE_END)) {
                    made.join().published(channel, message);
                }
            });
            processes = new Processes(link, KEYS, id, leaseMillis, windowMillis);
            processes.listen(this);
            presence = new RedisPresence(
                    link,
                    KEYS,
                    processes,
                    () -> "e" + epochs.incrementAndGet(),
                    () -> System.nanoTime() + aheadNanos.get());
            made.complete(presence);
            RedisTestBase.get(processes.beat());
            presence.tick();
        }

        @Override
        public void gone(String name) {
            tell("gone " + name);
        }

        @Override
        public void sayAgain() {
            tell("say again as " + processes.name());
        }

        private void tell(String what) {
            synchronized (told) {
                told.add(what);
            }
        }

        void expectTold(String what) {
            Await.until(processes.id() + " is told \"" + what + "\"", () -> wasTold(what));
        }

        boolean wasTold(String what) {
            synchronized (told) {
                return told.contains(what);
            }
        }

        TestNode node(int index) {
            TestNode node = new TestNode(index, port -> presence.member(index, port));
            nodes.add(node);
            return node;
        }

        /** Beats and ticks by itself. */
        TestProcess start() {
            processes.start(scheduler);
            ticks = scheduler.scheduleAtFixedRate(presence::tick, 50, 50, TimeUnit.MILLISECONDS);
            return this;
        }

        /** Beats by hand, until Redis answers. */
        void beat() {
            Await.until("Redis answers " + processes.id(), () -> {
                CompletableFuture<Void> beat = processes.beat().toCompletableFuture();
                Await.until("the beat has ended", beat::isDone);
                return !beat.isCompletedExceptionally();
            });
        }

        /** Stands still: it beats no more, nor tries anything again. */
        void pause() {
            if (ticks != null) {
                ticks.cancel(false);
            }
            scheduler.shutdownNow();
        }

        void die() {
            if (!over) {
                over = true;
                scheduler.shutdownNow();
                link.close();
                nodes.forEach(TestNode::close);
            }
        }
    }

    final TestProcess process(String id) {
        return process(id, LONG, LONG);
    }

    final TestProcess process(String id, long leaseMillis, long windowMillis) {
        TestProcess made = new TestProcess(id, leaseMillis, windowMillis);
        all.add(made);
        return made;
    }

    // ---- What is in Redis ----

    String ask(String command) {
        return Objects.requireNonNull(redis.ask(command), "Redis does not answer");
    }

    static String seats(String topic) {
        return KEYS.presence(topic).get(0);
    }

    static String roll(String topic) {
        return KEYS.presence(topic).get(2);
    }

    static String present(String topic) {
        return KEYS.presence(topic).get(1);
    }

    static String topicsOf(String process) {
        return KEYS.topicsOf(process).get(0);
    }

    static String allProcesses() {
        return KEYS.processes().get(0);
    }

    static String goneProcesses() {
        return KEYS.processes().get(1);
    }

    void expectInRedis(String command, String answer) {
        Await.untilEquals(command, () -> ask(command), answer);
    }

    static void expectList(TestNode node, String topic, String... users) {
        Await.untilEquals("who is in " + topic, () -> node.list(topic), List.of(users));
    }

    static void expectSeen(TestNode node, String topic, String... users) {
        Await.untilEquals("who is seen in " + topic, () -> node.seen(topic), List.of(users));
    }

    /** Waits for that long: there is nothing else to wait for. */
    static void elapse(long millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        Await.until("time goes by", () -> System.nanoTime() - end >= 0);
    }

    /** Whatever was told before a node was last asked has come. */
    static void expectNothingTold(TestNode node) {
        assertThat(node.drain()).isEmpty();
    }

    @AfterEach
    final void stop() {
        all.forEach(TestProcess::die);
        redis.close();
    }
}
