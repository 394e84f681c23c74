package dev.bowline.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.testkit.Seeded;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MessageBufferTest {
    private static byte[] content(MessageBuffer buffer) {
        ByteBuffer view = buffer.view();
        byte[] bytes = new byte[view.remaining()];
        view.get(bytes);
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 511, 512, 513, 5000})
    void takesExactlyItsLimit(int limit) {
        MessageBuffer buffer = new MessageBuffer(limit);
        ByteBuffer source = ByteBuffer.allocate(limit + 1);
        assertThat(buffer.append(source, 0, limit + 1)).isFalse();
        assertThat(buffer.size()).isZero();
        assertThat(buffer.append(source, 0, limit)).isTrue();
        assertThat(buffer.size()).isEqualTo(limit);
        assertThat(buffer.append(source, 0, 0)).isTrue();
        assertThat(buffer.append(source, 0, 1)).isFalse();
        assertThat(buffer.size()).isEqualTo(limit);
        assertThat(buffer.limit()).isEqualTo(limit);
    }

    @Test
    void aRefusedPieceLeavesWhatWasThere() {
        MessageBuffer buffer = new MessageBuffer(4);
        assertThat(buffer.append(ByteBuffer.wrap(new byte[] {1, 2, 3}), 0, 3)).isTrue();
        assertThat(buffer.append(ByteBuffer.wrap(new byte[] {4, 5}), 0, 2)).isFalse();
        assertThat(content(buffer)).containsExactly(1, 2, 3);
    }

    @Test
    void holdsWhatWasAppendedAndLeavesTheSource() {
        Seeded.run(200, random -> {
            MessageBuffer buffer = new MessageBuffer(1 << 20);
            ByteArrayOutputStream expected = new ByteArrayOutputStream();
            for (int i = random.intBetween(0, 8); i > 0; i--) {
                byte[] piece = random.bytes(random.intBetween(0, 3000));
                int from = random.intBetween(0, piece.length);
                ByteBuffer source = random.nextBoolean()
                        ? ByteBuffer.wrap(piece)
                        : ByteBuffer.allocateDirect(piece.length).put(0, piece);
                assertThat(buffer.append(source, from, piece.length)).isTrue();
                assertThat(source.position()).isZero();
                expected.write(piece, from, piece.length - from);
            }
            assertThat(content(buffer)).isEqualTo(expected.toByteArray());
        });
    }

    @Test
    void neverHoldsMuchMoreThanCame() {
        MessageBuffer buffer = new MessageBuffer(1 << 20);
        ByteBuffer source = ByteBuffer.allocate(100);
        assertThat(buffer.view().capacity()).isZero();
        for (int size = 100; size <= 1 << 20; size += 100) {
            assertThat(buffer.append(source, 0, 100)).isTrue();
            assertThat(buffer.view().capacity()).isBetween(size, Math.min(Math.max(512, 2 * size), buffer.limit()));
        }
    }

    @Test
    void clearGivesTheMemoryBack() {
        MessageBuffer buffer = new MessageBuffer(1000);
        assertThat(buffer.append(ByteBuffer.allocate(1000), 0, 1000)).isTrue();
        buffer.clear();
        assertThat(buffer.size()).isZero();
        assertThat(buffer.view().capacity()).isZero();
        assertThat(buffer.append(ByteBuffer.allocate(1000), 0, 1000)).isTrue();
    }
}
