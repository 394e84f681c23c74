package dev.bowline.websocket.internal.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.testkit.Await;
import dev.bowline.testkit.CapturedLog;
import dev.bowline.testkit.Leaks;
import dev.bowline.testkit.Recorder;
import dev.bowline.websocket.TransportKind;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class EventLoopTest {
    private static final String NAME = "bowline-test-loop";

    @RegisterExtension
    final Recorder<String> events = new Recorder<>();

    private final EventLoop loop = EventLoop.start(NAME, true, TransportKind.AUTOMATIC);

    @AfterEach
    void stop() {
        loop.stop();
        Leaks.assertNoThreads(NAME);
    }

    @Test
    void runsTheTasksOfEachThreadInTheirOrder() throws InterruptedException {
        int threads = 4;
        int each = 5_000;
        int[] last = new int[threads]; // touched by the loop alone
        AtomicInteger disorder = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(threads * each);
        List<Thread> givers = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            int giver = t;
            Thread thread = new Thread(() -> {
                for (int i = 1; i <= each; i++) {
                    int number = i;
                    loop.execute(() -> {
                        if (number != ++last[giver] || !loop.isInLoop()) {
                            disorder.incrementAndGet();
                        }
                        done.countDown();
                    });
                }
            });
            givers.add(thread);
            thread.start();
        }
        for (Thread giver : givers) {
            giver.join();
        }
        Await.until("all tasks have run", () -> done.getCount() == 0);
        assertThat(disorder).hasValue(0);
        assertThat(loop.isInLoop()).isFalse();
    }

    @Test
    void whatIsForItsEndRunsBehindTheLastTask() {
        loop.execute(() -> {
            loop.atEnd(() -> events.record("end, on the loop: " + loop.isInLoop()));
            loop.stop();
            loop.execute(() -> events.record("last task"));
        });
        events.expect("last task");
        events.expect("end, on the loop: true");
    }

    @Test
    void aTaskGivenByATaskRunsAfterItAndDoesNotStarveTimers() {
        AtomicInteger rounds = new AtomicInteger();
        Runnable[] again = new Runnable[1];
        again[0] = () -> {
            if (rounds.incrementAndGet() < 1_000_000) {
                loop.execute(again[0]);
            }
        };
        loop.execute(() -> {
            loop.execute(again[0]);
            loop.timers().set(TimingWheel.Timer.of(() -> events.record("timer")), loop.nowNanos() + 1);
            events.record("task");
        });
        events.expect("task");
        events.expect("timer");
        assertThat(rounds.get()).isBetween(1, 1_000_000 - 1);
        rounds.set(1_000_000);
    }

    @Test
    void aTaskOrFlushThatThrowsDoesNotEndTheLoop() {
        try (CapturedLog log = CapturedLog.of(EventLoop.class)) {
            loop.execute(() -> {
                loop.flushLater(() -> {
                    throw new AssertionError("flush on purpose");
                });
                loop.flushLater(() -> events.record("flushed"));
                loop.execute(() -> events.record("next"));
                throw new IllegalStateException("task on purpose");
            });
            events.expect("next");
            events.expect("flushed");
            loop.execute(() -> loop.execute(() -> events.record("another turn")));
            events.expect("another turn");
            assertThat(log.lines()).hasSize(2).anyMatch(line -> line.contains("task on purpose"));
        }
    }

    @Test
    void aLogThatThrowsDoesNotEndTheLoop() {
        try (BrokenLog log = BrokenLog.of("dev.bowline")) {
            loop.execute(() -> {
                loop.flushLater(() -> {
                    throw new AssertionError("flush on purpose");
                });
                loop.timers()
                        .set(
                                TimingWheel.Timer.of(() -> {
                                    throw new AssertionError("timer on purpose");
                                }),
                                loop.nowNanos());
                throw new IllegalStateException("task on purpose");
            });
            Await.until("three failures to log", () -> log.attempts() == 3);
            loop.execute(() -> loop.execute(() -> events.record("another turn")));
            events.expect("another turn");
        }
    }

    @Test
    void aTaskThatLeavesTheThreadInterruptedDoesNotMakeTheLoopSpin() {
        loop.execute(() -> Thread.currentThread().interrupt());
        loop.execute(() -> loop.timers()
                .set(
                        TimingWheel.Timer.of(() -> events.record(
                                "interrupted " + Thread.currentThread().isInterrupted())),
                        loop.nowNanos() + Duration.ofMillis(20).toNanos()));
        events.expect("interrupted false");
    }

    @Test
    void flushesAtTheEndOfTheTurn() {
        loop.execute(() -> {
            loop.flushLater(() -> events.record("flush"));
            loop.execute(() -> events.record("second task"));
            events.record("first task");
        });
        events.expect("first task");
        events.expect("second task");
        events.expect("flush");
    }

    @Test
    void timersFireInTimeThoughNothingElseHappens() {
        long begin = System.nanoTime();
        loop.execute(() -> loop.timers()
                .set(
                        TimingWheel.Timer.of(() -> events.record("timer")),
                        loop.nowNanos() + Duration.ofMillis(30).toNanos()));
        events.expect("timer");
        assertThat(System.nanoTime() - begin)
                .isGreaterThanOrEqualTo(Duration.ofMillis(30).toNanos());
    }

    @Test
    void tasksGivenBeforeTheEndRun() {
        loop.execute(() -> {
            loop.stop();
            loop.execute(() -> loop.execute(() -> events.record("last")));
        });
        events.expect("last");
        Await.until("ended", loop::hasEnded);
        loop.execute(() -> events.record("too late"));
        loop.stop();
    }

    @Test
    void theWatchdogNamesTheCallbackThatBlocksOnceATurn() throws InterruptedException {
        CountDownLatch release = new CountDownLatch(1);
        try (CapturedLog log = CapturedLog.of(LoopWatchdog.class)) {
            loop.execute(() -> {
                loop.callbackBegins(this, "onText");
                block(release);
                loop.callbackEnds();
                events.record("released");
            });
            Await.until("a warning", () -> !log.lines().isEmpty());
            assertThat(log.lines().get(0))
                    .startsWith("WARNING")
                    .contains(NAME, EventLoopTest.class.getName() + ".onText", "more than 1 s");
            // Two periods of the watchdog: it does not repeat itself.
            assertThat(release.await(600, java.util.concurrent.TimeUnit.MILLISECONDS))
                    .isFalse();
            assertThat(log.lines()).hasSize(1);
        } finally {
            release.countDown();
        }
        events.expect("released");
    }

    @Test
    void theWatchdogForgetsALoopThatEndsWhileItIsBlocked() {
        WeakReference<EventLoop> ended = blockUntilWarnedOfAndEnd();
        Leaks.assertNoThreads(NAME + "-blocked");
        Await.until("all it held is let go", Duration.ofSeconds(30), () -> {
            System.gc();
            return ended.get() == null;
        });
    }

    private static WeakReference<EventLoop> blockUntilWarnedOfAndEnd() {
        CountDownLatch release = new CountDownLatch(1);
        EventLoop blocked = EventLoop.start(NAME + "-blocked", true, TransportKind.AUTOMATIC);
        try (CapturedLog log = CapturedLog.of(LoopWatchdog.class)) {
            blocked.execute(() -> block(release));
            Await.until("a warning", () -> !log.lines().isEmpty());
            blocked.stop();
        } finally {
            release.countDown();
        }
        return new WeakReference<>(blocked);
    }

    private static void block(CountDownLatch release) {
        try {
            release.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
