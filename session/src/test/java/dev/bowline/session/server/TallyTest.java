package dev.bowline.session.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TallyTest {
    private final Tally tally = new Tally("one", "two", "other");

    @Test
    void countsUnderItsNames() {
        tally.add("one");
        tally.add("two", 5);
        tally.add("one");
        assertThat(tally.read())
                .containsEntry("one", 2L)
                .containsEntry("two", 5L)
                .containsEntry("other", 0L);
    }

    @Test
    void countsUnderTheLastWhatHasNoNameOfItsOwn() {
        for (int i = 0; i < 1_000; i++) {
            tally.add("made-up-" + i);
        }
        assertThat(tally.read()).hasSize(3).containsEntry("other", 1_000L);
    }
}
