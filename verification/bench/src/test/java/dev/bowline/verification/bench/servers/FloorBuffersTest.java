package dev.bowline.verification.bench.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FloorBuffersTest {
    private static final byte[] KEY = {0x11, (byte) 0x92, 0x33, (byte) 0xF4};

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 7, 8, 9, 15, 16, 17, 1000, FloorBuffers.READ_BYTES})
    void unmasksAnyNumberOfBytesFromAnyPlaceToAnyOther(int count) {
        FloorBuffers buffers = new FloorBuffers();
        ByteBuffer input = buffers.input().clear().position(6);
        ByteBuffer output = buffers.output().clear().position(2);
        byte[] expected = new byte[count];
        for (int i = 0; i < count; i++) {
            expected[i] = (byte) (i * 31);
            input.put((byte) (expected[i] ^ KEY[i % KEY.length]));
        }
        int end = input.position();
        input.position(6);

        buffers.unmask(count, 0xF4339211_F4339211L);

        assertThat(input.position()).isEqualTo(end);
        assertThat(output.position()).isEqualTo(2 + count);
        byte[] unmasked = new byte[count];
        output.position(2).get(unmasked);
        assertThat(unmasked).isEqualTo(expected);
    }
}
