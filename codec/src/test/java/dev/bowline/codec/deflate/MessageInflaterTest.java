package dev.bowline.codec.deflate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.codec.MessageBuffer;
import dev.bowline.codec.Violation;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Who holds an inflater, and for how long. */
final class MessageInflaterTest {
    private static final ByteBuffer HELLO =
            ByteBuffer.wrap(new byte[] {(byte) 0xf2, 0x48, (byte) 0xcd, (byte) 0xc9, (byte) 0xc9, 7, 0});

    private final DeflatePool pool = new DeflatePool();
    private final MessageBuffer message = new MessageBuffer(1000);

    private MessageInflater inflater(boolean keepContext) {
        return new MessageInflater(pool, new DeflateExtension.Receiving(15, keepContext));
    }

    @Test
    @DisplayName("between messages a connection holds none, with context or without")
    void holdsNoneBetweenMessages() {
        for (boolean keep : new boolean[] {false, true}) {
            MessageInflater inflater = inflater(keep);
            for (int i = 0; i < 3; i++) {
                message.clear();
                assertThat(inflater.decode(HELLO, 0, 3, false, message)).isNull();
                assertThat(pool.lent()).isOne();
                assertThat(inflater.decode(HELLO, 3, 7, true, message)).isNull();
                assertThat(message.size()).isEqualTo(5);
                assertThat(pool.lent()).isZero();
            }
        }
        assertThat(pool.idle()).isOne();
        assertThat(HELLO.position()).isZero();
        assertThat(HELLO.limit()).isEqualTo(7);
    }

    @Test
    void givesItBackAfterAnError() {
        MessageInflater inflater = inflater(false);
        ByteBuffer wrong = ByteBuffer.wrap(new byte[] {-1, -1});
        assertThat(inflater.decode(wrong, 0, 2, false, message))
                .extracting("violation")
                .isEqualTo(Violation.EXTENSION_DATA_INVALID);
        assertThat(pool.lent()).isZero();
        assertThat(inflater(false).decode(HELLO, 0, 7, true, message)).isNull();
        assertThat(message.size()).isEqualTo(5);
    }

    @Test
    @DisplayName("a connection that closes inside a message gives its own back; the pool keeps few")
    void closesInsideAMessage() {
        List<MessageInflater> many = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            MessageInflater inflater = inflater(false);
            inflater.decode(HELLO, 0, 3, false, new MessageBuffer(1000));
            many.add(inflater);
        }
        assertThat(pool.lent()).isEqualTo(100);
        many.forEach(MessageInflater::close);
        many.forEach(MessageInflater::close);
        assertThat(pool.lent()).isZero();
        assertThat(pool.idle()).isEqualTo(8);
    }

    @Test
    @DisplayName("a pool that was closed keeps none, though connections close later")
    void closedPool() {
        MessageInflater inflater = inflater(false);
        inflater.decode(HELLO, 0, 3, false, message);
        inflater(false).decode(HELLO, 0, 7, true, new MessageBuffer(1000));
        assertThat(pool.idle()).isOne();
        pool.close();
        assertThat(pool.idle()).isZero();
        inflater.close();
        assertThat(pool.lent()).isZero();
        assertThat(pool.idle()).isZero();
    }
}
