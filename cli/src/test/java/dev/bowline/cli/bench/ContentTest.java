package dev.bowline.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContentTest {
    private static ByteBuffer copy(ByteBuffer message) {
        return ByteBuffer.allocate(message.remaining()).put(message.duplicate()).flip();
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 125, 126, 70_000})
    void aMessageIsNoneOfItsNeighbours(int size) {
        Content content = Content.random(size, false);
        for (int number = 0; number < 100; number++) {
            ByteBuffer message = copy(content.bytes(number));
            assertThat(content.matches(message, number)).isTrue();
            assertThat(content.matches(message, number + 1)).isFalse();
            assertThat(content.matches(message, number + 2)).isFalse();
        }
    }

    @Test
    void anyByteThatDiffersIsSeen() {
        Content content = Content.random(40, false);
        for (int i = 0; i < 40; i++) {
            ByteBuffer message = copy(content.bytes(7));
            message.put(i, (byte) (message.get(i) ^ 1));
            assertThat(content.matches(message, 7)).isFalse();
        }
    }

    @Test
    void aMessageCutShortOrExtendedIsSeen() {
        Content content = Content.random(40, false);
        ByteBuffer message = copy(content.bytes(7));
        assertThat(content.matches(message.duplicate().limit(39), 7)).isFalse();
        assertThat(content.matches(message.duplicate().position(1), 7)).isFalse();
        ByteBuffer longer =
                ByteBuffer.allocate(41).put(message.duplicate()).put((byte) 0).flip();
        assertThat(content.matches(longer, 7)).isFalse();
    }

    @Test
    void lookingAtAMessageLeavesItAsItWas() {
        Content content = Content.random(40, false);
        ByteBuffer message = copy(content.bytes(7));
        assertThat(content.matches(message, 7)).isTrue();
        assertThat(message.remaining()).isEqualTo(40);
        assertThat(content.bytes(7).remaining()).isEqualTo(40);
    }

    @Test
    void largeMessagesStillDifferFromTheNext() {
        Content content = Content.random(64 * 1024 * 1024, false); // two of them, or memory would not do
        assertThat(content.bytes(0)).isNotEqualTo(content.bytes(1)).isEqualTo(content.bytes(2));
    }

    @Test
    void jsonIsJsonUpToItsSize() throws IOException {
        Content content = Content.json(5000, true);
        int fields = 0;
        try (JsonParser json = new JsonFactory().createParser(content.text(3) + "]")) {
            JsonToken token = json.nextToken();
            while (token != null && json.currentLocation().getCharOffset() < 4800) { // the last record is cut off
                fields += token == JsonToken.FIELD_NAME ? 1 : 0;
                token = json.nextToken();
            }
        }
        assertThat(fields).isGreaterThan(100);
    }
}
