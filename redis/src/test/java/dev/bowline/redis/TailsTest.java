package dev.bowline.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.session.engine.Entry;
import dev.bowline.session.engine.Slice;
import dev.bowline.session.wire.Cursor;
import dev.bowline.session.wire.Payload;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TailsTest {
    private static final long EACH = "pub a 1\nx".length();

    private final Tails tails = new Tails(4L * EACH);

    private void add(String topic, String epoch, long... offsets) {
        for (long offset : offsets) {
            tails.add(topic, grown(topic, epoch, 1, List.of(), offset));
        }
    }

    private static Published.Logged grown(
            String topic, String epoch, long begin, List<Cursor> former, long... offsets) {
        List<Entry> entries = LongStream.of(offsets)
                .mapToObj(offset -> Entry.of(topic, offset, null, Payload.text("x")))
                .toList();
        return new Published.Logged(epoch, begin, former, topic, entries);
    }

    private @Nullable String behind(String topic, long after, long limit) {
        Slice slice = tails.behind(topic, after, limit);
        return slice == null
                ? null
                : slice.epoch() + " to " + slice.end() + ": "
                        + slice.entries().stream().map(Entry::offset).toList();
    }

    @Test
    void haveWhatStandsBehindAnOffset() {
        add("a", "e", 5, 6, 7);
        assertThat(behind("a", 3, 1_000)).isNull();
        assertThat(behind("a", 4, 1_000)).isEqualTo("e to 7: [5, 6, 7]");
        assertThat(behind("a", 6, 1_000)).isEqualTo("e to 7: [7]");
        assertThat(behind("a", 7, 1_000)).isNull(); // whether there is more is not known here
        assertThat(behind("b", 0, 1_000)).isNull();
    }

    @Test
    void keepToALimitButForTheFirst() {
        add("a", "e", 1, 2, 3);
        assertThat(behind("a", 0, 2 * EACH)).isEqualTo("e to 3: [1, 2]");
        assertThat(behind("a", 0, 2 * EACH - 1)).isEqualTo("e to 3: [1]");
        assertThat(behind("a", 0, 1)).isEqualTo("e to 3: [1]");
        assertThat(behind("a", 0, 0)).isNull();
    }

    @Test
    void beginAnewBehindAHoleAndInAnotherEpoch() {
        add("a", "e", 1, 2, 4);
        assertThat(behind("a", 1, 1_000)).isNull();
        assertThat(behind("a", 3, 1_000)).isEqualTo("e to 4: [4]");
        add("a", "f", 5);
        assertThat(behind("a", 4, 1_000)).isEqualTo("f to 5: [5]");
    }

    @Test
    void takeNothingTwice() {
        add("a", "e", 1, 2, 2, 1);
        assertThat(behind("a", 0, 1_000)).isEqualTo("e to 2: [1, 2]");
    }

    @Test
    void takeSeveralAtOnceAndOfThoseOnlyWhatIsNew() {
        add("a", "e", 1);
        tails.add("a", grown("a", "e", 1, List.of(), 1, 2, 3));
        assertThat(behind("a", 0, 1_000)).isEqualTo("e to 3: [1, 2, 3]");
        tails.add("a", grown("a", "e", 1, List.of(), 6, 7));
        assertThat(behind("a", 5, 1_000)).isEqualTo("e to 7: [6, 7]");
        assertThat(behind("a", 2, 1_000)).isNull();
    }

    @Test
    void tellReadersOfAnotherEpochWhereTheyAreAsTheLogDoes() {
        add("a", "e", 7, 8);
        tails.add("a", grown("a", "f", 3, List.of(new Cursor("e", 8)), 9));
        Slice slice = Objects.requireNonNull(tails.behind("a", 8, 1_000));
        assertThat(slice.carriedOver(new Cursor("e", 8))).isEqualTo(new Cursor("f", 8));
        assertThat(slice.carriedOver(new Cursor("d", 8))).isNull();
        assertThat(slice.begin()).as("where one begins that was lost").isEqualTo(3);
        tails.add("a", grown("a", "f", 10, List.of(new Cursor("e", 8)), 10));
        slice = Objects.requireNonNull(tails.behind("a", 8, 1_000));
        assertThat(slice.begin()).as("what is here is not missing").isEqualTo(9);
    }

    @Test
    void loseTheOldestOfTheTopicThatDidNotGrowForTheLongestTime() {
        add("a", "e", 1, 2);
        add("b", "e", 1, 2);
        add("a", "e", 3);
        assertThat(behind("b", 0, 1_000)).isNull();
        assertThat(behind("b", 1, 1_000)).isEqualTo("e to 2: [2]");
        assertThat(behind("a", 0, 1_000)).isEqualTo("e to 3: [1, 2, 3]");
        tails.forget("a");
        add("b", "e", 3, 4, 5);
        assertThat(behind("b", 1, 1_000)).isEqualTo("e to 5: [2, 3, 4, 5]");
    }
}
