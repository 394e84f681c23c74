package dev.bowline.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RecorderTest {
    @RegisterExtension
    final Recorder<Object> events = new Recorder<>();

    @Test
    void givesEventsInOrder() {
        events.record("a");
        events.record(2);
        events.record("c");
        events.record("d");
        assertThat(events.size()).isEqualTo(4);
        assertThat(events.take()).isEqualTo("a");
        assertThat(events.expect(Integer.class)).isEqualTo(2);
        events.expect("c");
        assertThat(events.expect(e -> e.toString().startsWith("d"), "something with d"))
                .isEqualTo("d");
        events.assertEmpty();
    }

    @Test
    void waitsForAnotherThread() throws Exception {
        Thread thread = new Thread(() -> events.record("late"));
        thread.start();
        events.expect("late");
        thread.join();
    }

    @Test
    void saysWhatWasExpectedWhatCameAndWhatFollows() {
        events.record("a");
        events.record("b");
        assertThatThrownBy(() -> events.expect("x"))
                .isInstanceOf(AssertionError.class)
                .hasMessage("expected x, but came a; then [b]");
        assertThatThrownBy(() -> events.expect(Integer.class))
                .isInstanceOf(AssertionError.class)
                .hasMessage("expected a Integer, but came b; then []");
        assertThatThrownBy(() -> events.take(Duration.ofMillis(1)))
                .isInstanceOf(AssertionError.class)
                .hasMessage("expected an event, but nothing came within 1ms");
    }

    @Test
    void unconsumedEventsFail() {
        events.record("a");
        assertThat(events).hasToString("Recorder[a]");
        assertThatThrownBy(events::close)
                .isInstanceOf(AssertionError.class)
                .hasMessage("events not accounted for: [a]");
        assertThat(events.drain()).containsExactly("a");
    }
}
