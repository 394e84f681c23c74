package dev.bowline.cli.connect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.codec.CloseEvent;
import dev.bowline.codec.CloseEvent.Origin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a conversation ends; the rest is seen in {@link ConnectCommandTest}. */
class ConversationTest {
    private final Conversation conversation = new Conversation(new Screen() {
        @Override
        public boolean message(String text) {
            return true;
        }

        @Override
        public void status(String line) {}
    });

    @ParameterizedTest
    @CsvSource({
        "1000, true, true",
        "1001, true, true",
        "1005, true, true",
        "3000, true, true",
        "4999, true, true",
        "1000, false, false",
        "1006, false, false",
        "1002, true, false",
        "1008, true, false",
        "1009, true, false",
        "1011, true, false",
        "1013, true, false",
    })
    void endsWellWithACleanCloseWhoseCodeNamesNoError(int code, boolean clean, boolean well) {
        conversation.end(new CloseEvent(code, "", clean, Origin.REMOTE, null));
        assertThat(conversation.isOver()).isTrue();
        assertThat(conversation.endedWell()).isEqualTo(well);
    }

    @Test
    void doesNotEndWellIfItNeverBegan() {
        conversation.end(null);
        assertThat(conversation.endedWell()).isFalse();
    }

    @Test
    void doesNotEndWellIfSomethingElseFailed() {
        conversation.fail();
        conversation.end(new CloseEvent(1000, "", true, Origin.LOCAL, null));
        assertThat(conversation.endedWell()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1001 | REMOTE  | going away | closed by the peer: 1001 \"going away\"",
                "1000 | LOCAL   |            | closed by this end: 1000",
                "1006 | NETWORK | reset      | connection lost: 1006 \"reset\"",
            })
    void tellsWhoClosedWithWhichCodeAndWhy(int code, Origin by, String reason, String line) {
        String why = reason == null ? "" : reason;
        assertThat(Conversation.describe(new CloseEvent(code, why, true, by, null)))
                .isEqualTo(line);
    }
}
