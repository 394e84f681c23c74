package dev.bowline.websocket.internal.loop;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CountersTest {
    private final Counters counters = new Counters(2);

    @Test
    void countEachByItself() {
        counters.add(0, 3);
        counters.add(1, 5);
        counters.add(0, -1);
        assertThat(counters.get(0)).isEqualTo(2);
        assertThat(counters.get(1)).isEqualTo(5);
    }

    @Test
    void areReadByOtherThreadsWhileOneCounts() throws InterruptedException {
        int times = 200_000;
        Thread writer = new Thread(() -> {
            for (int i = 0; i < times; i++) {
                counters.add(0, 1);
            }
        });
        writer.start();
        long last = 0;
        while (writer.isAlive()) {
            long now = counters.get(0);
            assertThat(now).isBetween(last, (long) times);
            last = now;
        }
        writer.join();
        assertThat(counters.get(0)).isEqualTo(times);
    }

    @Test
    void whatAnyThreadCountsIsCountedOnceEach() throws InterruptedException {
        List<Thread> writers = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            Thread writer = new Thread(() -> {
                for (int i = 0; i < 10_000; i++) {
                    counters.addByAny(1);
                }
            });
            writers.add(writer);
            writer.start();
        }
        for (Thread writer : writers) {
            writer.join();
        }
        assertThat(counters.get(1)).isEqualTo(40_000);
    }

    @Test
    void countingMakesNoGarbage() {
        LoopCounters loop = new LoopCounters();
        count(loop, 20_000); // compiled by now; what that allocates is none of ours
        ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = memory.getCurrentThreadAllocatedBytes();
        count(loop, 100_000);
        assertThat(memory.getCurrentThreadAllocatedBytes() - before).isLessThan(100_000);
        assertThat(loop.receivedTraffic().messages()).isEqualTo(120_000);
    }

    private static void count(LoopCounters loop, int times) {
        for (int i = 0; i < times; i++) {
            loop.received();
            loop.receivedBytes(20);
            loop.sent();
            loop.sentBytes(20);
            loop.queuedBytes(1);
            loop.refusedSend();
            loop.roundTrip(i * 1_000L);
            loop.turned(i);
            loop.late(i);
        }
    }
}
