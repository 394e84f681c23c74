package dev.bowline.session.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.session.engine.Entry;
import dev.bowline.session.wire.Payload;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConflationTest {
    /** Entries from offset 11 on, one for each key; a hyphen is none. */
    private static List<Entry> entries(String keys) {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < keys.length(); i++) {
            String key = keys.substring(i, i + 1);
            entries.add(Entry.of("t", 11 + i, key.equals("-") ? null : key, Payload.NONE));
        }
        return entries;
    }

    private static List<Long> latest(String keys, long to) {
        return new Conflation(entries(keys), to)
                .latest().stream().map(Entry::offset).toList();
    }

    @Test
    void leavesTheLatestOfEachKeyInOrder() {
        assertThat(latest("abacb", 15)).containsExactly(13L, 14L, 15L);
    }

    @Test
    void leavesAllWithoutAKey() {
        assertThat(latest("-a-a", 14)).containsExactly(11L, 13L, 14L);
    }

    @Test
    void doesNotLookBehindAnOffset() {
        assertThat(latest("aba", 12)).containsExactly(11L, 12L);
        assertThat(latest("aba", 10)).isEmpty();
    }

    @Test
    void tellsUpToWhereWhatWasLeftOutIsSuperseded() {
        Conflation conflation = new Conflation(entries("abcabd"), 16);
        assertThat(conflation.supersededUpTo(11, 11)).isEqualTo(14);
        assertThat(conflation.supersededUpTo(11, 12)).isEqualTo(15);
        assertThat(new Conflation(entries("abcabd"), 14).supersededUpTo(5, 12)).isEqualTo(14);
    }

    @Test
    void comparesOffsetsByValue() {
        List<Entry> far =
                List.of(Entry.of("t", 1_000_000, "a", Payload.NONE), Entry.of("t", 1_000_001, "b", Payload.NONE));
        assertThat(new Conflation(far, 1_000_001).latest()).isEqualTo(far);
    }
}
