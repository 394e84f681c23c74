package dev.bowline.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.testkit.RawFrame;
import dev.bowline.testkit.Seeded;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6455 §5.2, the writing half; the oracle is testkit's {@link RawFrame}. */
final class FrameWriterTest {
    private static final int KEY = 0x37FA_213D;

    private final Endpoint queue = new Endpoint(Role.SERVER);

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 124, 125, 126, 127, 255, 256, 65_534, 65_535, 65_536, 65_537, 200_000})
    @DisplayName("every form of the length, minimal, plain and masked")
    void framesAreAsTheRfcDrawsThem(int length) {
        byte[] payload = Seeded.of(length).bytes(length);
        for (int firstByte : new int[] {0x82, 0x81, 0x01, 0x80, 0xC1, 0x89}) {
            RawFrame expected = RawFrame.of(firstByte & 15, payload)
                    .withFin((firstByte & 0x80) != 0)
                    .withRsv(firstByte >> 4 & 7);
            ByteBuffer given = ByteBuffer.wrap(payload);

            FrameWriter.frame(queue.output, firstByte, given);
            assertThat(queue.drain()).isEqualTo(expected.bytes());

            FrameWriter.maskedFrame(queue.output, firstByte, given, KEY);
            assertThat(queue.drain()).isEqualTo(expected.withMask(KEY).bytes());

            assertThat(given.position()).isZero();
            assertThat(given.array()).as("masked in the copy alone").isEqualTo(payload);

            ByteBuffer header = ByteBuffer.allocate(14);
            FrameWriter.header(header, firstByte, length);
            assertThat(header.position()).isEqualTo(FrameWriter.headerSize(length));
            assertThat(header.flip()).isEqualTo(ByteBuffer.wrap(expected.bytes(), 0, expected.bytes().length - length));
        }
    }

    @Test
    @DisplayName("a length above 2^31 - 1 can't come up, the largest int can")
    void theLargestLengthIsWrittenAsEightBytes() {
        ByteBuffer header = ByteBuffer.allocate(10);
        FrameWriter.header(header, 0x82, Integer.MAX_VALUE);
        assertThat(header.array()).isEqualTo(Endpoint.hex("82 7f 00000000 7fffffff"));
    }
}
