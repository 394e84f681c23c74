package dev.bowline.session.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.session.wire.Cursor;
import java.util.List;
import org.junit.jupiter.api.Test;

class SliceTest {
    private static Slice slice(long end, Cursor... former) {
        return new Slice("now", 1, end, List.of(), List.of(former));
    }

    private static Cursor at(String epoch, long offset) {
        return new Cursor(epoch, offset);
    }

    @Test
    void aCursorOfThePresentEpochStaysWhatItIs() {
        assertThat(slice(5).carriedOver(at("now", 0))).isEqualTo(at("now", 0));
        assertThat(slice(5).carriedOver(at("now", 5))).isEqualTo(at("now", 5));
    }

    @Test
    void aCursorBehindTheEndHasLostItsPlace() {
        assertThat(slice(5).carriedOver(at("now", 6))).isNull();
        assertThat(slice(5, at("old", 9)).carriedOver(at("old", 6))).isNull();
    }

    @Test
    void aFormerEpochGoesOnAtTheSameOffsetAsFarAsItReached() {
        Slice slice = slice(9, at("old", 5));
        assertThat(slice.carriedOver(at("old", 0))).isEqualTo(at("now", 0));
        assertThat(slice.carriedOver(at("old", 5))).isEqualTo(at("now", 5));
        assertThat(slice.carriedOver(at("old", 6))).isNull();
    }

    @Test
    void anEpochThatIsNotNamedHasNothingInCommonNotEvenTheBeginning() {
        assertThat(slice(9).carriedOver(at("old", 0))).isNull();
        assertThat(slice(9, at("old", 5)).carriedOver(at("other", 0))).isNull();
    }

    @Test
    void anOlderEpochIsWithinTheReachOfEachYoungerOne() {
        Slice grown = slice(9, at("second", 7), at("first", 5));
        assertThat(grown.carriedOver(at("first", 5))).isEqualTo(at("now", 5));
        assertThat(grown.carriedOver(at("first", 6))).isNull(); // the second wrote its own sixth
        assertThat(grown.carriedOver(at("second", 7))).isEqualTo(at("now", 7));

        Slice cutShort = slice(9, at("second", 3), at("first", 5)); // the second lost what it had of the first
        assertThat(cutShort.carriedOver(at("first", 3))).isEqualTo(at("now", 3));
        assertThat(cutShort.carriedOver(at("first", 4))).isNull();
    }
}
