package dev.bowline.websocket.internal.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BufferPoolTest {
    private final BufferPool pool = new BufferPool();

    @Test
    void givesOffHeapChunksOfOneSizeAndTheLastReleasedFirst() {
        ByteBuffer first = pool.acquire();
        ByteBuffer second = pool.acquire();
        assertThat(first.isDirect()).isTrue();
        assertThat(first.capacity()).isEqualTo(BufferPool.CHUNK_BYTES);
        assertThat(second).isNotSameAs(first);
        pool.release(first);
        pool.release(second);
        assertThat(pool.acquire()).isSameAs(second);
        assertThat(pool.acquire()).isSameAs(first);
    }

    @Test
    void keepsNoMoreThanFourMebibytes() {
        List<ByteBuffer> burst = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            burst.add(ByteBuffer.allocate(1));
        }
        burst.forEach(pool::release);
        int kept = 0;
        while (pool.acquire().capacity() == 1) {
            kept++;
        }
        assertThat(kept).isEqualTo((4 << 20) / BufferPool.CHUNK_BYTES);
    }

    @Test
    void largeBuffersAreKeptAndOneThatIsTooLargeIsBetterThanANewOne() {
        BufferPool pool = new BufferPool();
        ByteBuffer large = pool.acquireLarge(200_000, 1_000_000);
        assertThat(large.isDirect()).isTrue();
        assertThat(large.capacity())
                .as("what is welcome is not worth new memory")
                .isEqualTo(256 * 1024);
        assertThat(pool.inUse()).isOne();
        pool.releaseLarge(large);
        assertThat(pool.inUse()).isZero();
        assertThat(pool.acquireLarge(40_000, 40_000)).isSameAs(large);
        ByteBuffer huge = pool.acquireLarge(5_000_000, 5_000_000);
        assertThat(huge.isDirect()).as("too large to keep").isFalse();
        pool.releaseLarge(huge);
        pool.releaseLarge(large);
        assertThat(pool.acquireLarge(100_000, 300_000))
                .as("the one that is welcome")
                .isSameAs(large);
    }
}
