package dev.bowline.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.realtime.TopicListener;
import dev.bowline.session.wire.Payload;
import dev.bowline.testkit.Await;
import dev.bowline.testkit.Fault;
import dev.bowline.testkit.FaultProxy.Direction;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("once")
class TickerTest extends SessionExampleTestBase {
    private static final Duration LONG = Duration.ofSeconds(30);

    TickerTest() {
        super(Ticker.class);
    }

    /** Offsets that were left out. */
    private record Gap(long from, long to, String code) {}

    /** What a subscriber has got. Written by its event loop, read by the test. */
    private static final class Tape implements TopicListener {
        private final NavigableMap<Long, String> prices = new ConcurrentSkipListMap<>();
        private final Collection<Gap> gaps = new ConcurrentLinkedQueue<>();

        @Override
        public void onMessage(String topic, long offset, Payload payload) {
            prices.put(offset, payload.asText());
        }

        @Override
        public void onGap(String topic, long from, long to, String code) {
            gaps.add(new Gap(from, to, code));
        }

        long end() {
            return prices.isEmpty() ? 0 : prices.lastKey();
        }

        /** The latest price of each symbol among the messages up to an offset. */
        Map<String, String> latest(long from, long to) {
            return prices.subMap(from, true, to, true).values().stream()
                    .collect(Collectors.toMap(
                            price -> price.substring(0, price.indexOf(' ')), price -> price, (before, after) -> after));
        }
    }

    /**
     * An offset behind the gaps of both, up to which both have got the latest prices: on a busy machine the quick one may be left behind too, and the
     * slow one again.
     */
    private static long behindAllGaps(Tape quick, Tape slow) {
        while (true) {
            long end = lastGap(quick, slow) + 100;
            Await.until("both are behind the gaps", LONG, () -> quick.end() >= end && slow.end() >= end);
            if (lastGap(quick, slow) + 100 == end) {
                return end;
            }
        }
    }

    private static long lastGap(Tape quick, Tape slow) {
        return Stream.concat(slow.gaps.stream(), quick.gaps.stream())
                .mapToLong(Gap::to)
                .max()
                .orElseThrow();
    }

    @Test
    void aStalledReaderGetsTheLatestPricesAndIsToldWhatWasLeftOut() {
        Tape quick = new Tape();
        Tape slow = new Tape();
        get(client(null).subscribe("prices", quick).ready());
        get(clientThroughProxy(null).subscribe("prices", slow).ready());
        Await.until("both get prices", () -> quick.end() > 0 && slow.end() > 0);
        long begin = Math.max(quick.prices.firstKey(), slow.prices.firstKey());

        // Some 4 MiB fit into the system's own buffers; where there is more room, the stall grows until it was long
        // enough.
        for (long changes = 160_000; slow.gaps.isEmpty(); changes *= 2) {
            proxy().apply(Direction.TO_CLIENT, Fault.stall());
            long until = quick.end() + changes;
            Await.until("the quick reader goes on", LONG, () -> quick.end() > until);
            proxy().apply(Direction.TO_CLIENT, Fault.none());
            Await.until("the slow one has caught up", LONG, () -> slow.end() > until);
        }
        long end = behindAllGaps(quick, slow);
        List<Gap> gaps = slow.gaps.stream().filter(gap -> gap.to() <= end).toList();
        assertThat(gaps).extracting(Gap::code).contains("conflated").isSubsetOf("conflated", "trimmed");
        NavigableMap<Long, String> came = slow.prices.subMap(begin, true, end, true);
        long leftOut = 0;
        for (Gap gap : gaps) {
            assertThat(came.subMap(gap.from(), true, gap.to(), true)).isEmpty();
            leftOut += gap.to() - gap.from() + 1;
        }
        assertThat(came.size() + leftOut)
                .as("each change came, or was told to be left out")
                .isEqualTo(end - begin + 1);
        Map<Long, String> both = new TreeMap<>(came);
        both.keySet().retainAll(quick.prices.keySet());
        assertThat(both).hasSizeGreaterThan(1_000);
        assertThat(quick.prices).containsAllEntriesOf(both);
        assertThat(slow.latest(begin, end)).hasSize(20).isEqualTo(quick.latest(begin, end));
    }
}
