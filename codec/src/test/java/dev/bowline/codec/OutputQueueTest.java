package dev.bowline.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.testkit.Seeded;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

final class OutputQueueTest {
    /** A source that knows which of its chunks are out, and gives none out again before it came back. */
    private static final class CountingSource implements BufferSource {
        final Set<ByteBuffer> out = Collections.newSetFromMap(new IdentityHashMap<>());
        int acquired;
        private static final byte[] GARBAGE = new byte[256];

        static {
            Arrays.fill(GARBAGE, (byte) 0xEE);
        }

        @Override
        public ByteBuffer acquire() {
            acquired++;
            ByteBuffer fresh = ByteBuffer.allocate(256);
            out.add(fresh);
            return fresh;
        }

        @Override
        public void release(ByteBuffer buffer) {
            assertThat(out.remove(buffer))
                    .as("a chunk given back twice, or not ours")
                    .isTrue();
            assertThat(buffer.position()).isZero();
            assertThat(buffer.limit()).isEqualTo(buffer.capacity());
            buffer.put(0, GARBAGE); // whoever looks at it later sees that
        }
    }

    private final CountingSource source = new CountingSource();
    private final OutputQueue queue = new OutputQueue(source);

    /** Writes at most {@code most} bytes, as a socket that takes no more, and returns them. */
    private static byte[] write(OutputQueue queue, int batchSize, int most) {
        ByteBuffer[] batch = new ByteBuffer[batchSize];
        int n = queue.gather(batch);
        byte[] written = new byte[most];
        int count = 0;
        for (int i = 0; i < n && count < most; i++) {
            int taken = Math.min(batch[i].remaining(), most - count);
            batch[i].get(written, count, taken);
            count += taken;
        }
        queue.sent(count);
        return Arrays.copyOf(written, count);
    }

    /** As {@link #write}, from one copy of at most {@code room} bytes. */
    private static byte[] writeCopy(OutputQueue queue, int room, int most) {
        ByteBuffer copy = ByteBuffer.allocate(room);
        queue.copyTo(copy);
        byte[] written = new byte[Math.min(copy.remaining(), most)];
        copy.get(written);
        queue.skip(written.length);
        return written;
    }

    @Test
    void aSharedBufferStandsInManyQueuesAndNeverMoves() {
        ByteBuffer shared = ByteBuffer.wrap(new byte[] {1, 2, 3, 4}).asReadOnlyBuffer();
        OutputQueue other = new OutputQueue(source);
        queue.put(0);
        queue.share(shared);
        queue.put(5);
        other.share(shared);
        assertThat(queue.gather(new ByteBuffer[4])).as("up to the shared one").isEqualTo(1);
        assertThat(other.gather(new ByteBuffer[4])).isZero();
        assertThat(writeCopy(other, 3, 3)).containsExactly(1, 2, 3);
        assertThat(writeCopy(queue, 100, 2)).containsExactly(0, 1);
        assertThat(writeCopy(other, 3, 3)).containsExactly(4);
        assertThat(writeCopy(queue, 100, 100)).containsExactly(2, 3, 4, 5);
        assertThat(queue.isEmpty()).isTrue();
        assertThat(shared).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2, 3, 4}));
        assertThat(source.out).isEmpty();
    }

    @Test
    void aLentBufferIsSentFromWhereItLiesAndGivenBackAsItWas() {
        byte[] content = new byte[OutputQueue.LOAN_BYTES];
        content[content.length - 1] = 9;
        ByteBuffer lent = ByteBuffer.wrap(content);
        queue.putShort(7);
        queue.allowLoan();
        queue.put(lent);
        ByteBuffer[] batch = new ByteBuffer[4];
        assertThat(queue.gather(batch)).isEqualTo(2);
        assertThat(batch[1]).isSameAs(lent);
        assertThat(write(queue, 4, 1002)).hasSize(1002);
        queue.settleLoan();
        assertThat(lent.position()).isZero();
        assertThat(queue.size()).isEqualTo(content.length - 1000);
        content[content.length - 1] = 10; // the queue has its copy
        byte[] rest = new byte[0];
        while (!queue.isEmpty()) {
            rest = write(queue, 64, content.length);
        }
        assertThat(rest[rest.length - 1]).isEqualTo((byte) 9);
        assertThat(source.out).isEmpty();
    }

    @Test
    void aLoanIsForOneLargeBufferOnly() {
        queue.allowLoan();
        queue.put(ByteBuffer.allocate(10)); // too small
        ByteBuffer first = ByteBuffer.allocate(OutputQueue.LOAN_BYTES);
        queue.put(first);
        ByteBuffer second = ByteBuffer.allocate(OutputQueue.LOAN_BYTES);
        queue.put(second);
        ByteBuffer[] batch = new ByteBuffer[64];
        queue.gather(batch);
        assertThat(batch[0]).isNotSameAs(first);
        assertThat(batch[1]).isSameAs(first);
        assertThat(batch[2]).isNotSameAs(second);
        queue.clear();
        queue.settleLoan();
        assertThat(first.position()).isZero();
        assertThat(queue.isEmpty()).isTrue();
        ByteBuffer third = ByteBuffer.allocate(OutputQueue.LOAN_BYTES);
        queue.put(third);
        assertThat(queue.gather(batch)).isPositive();
        assertThat(batch[0]).as("no loan was allowed").isNotSameAs(third);
    }

    @Test
    void aWideRingIsNotKept() {
        for (int i = 0; i < 1000; i++) {
            queue.append(ByteBuffer.wrap(new byte[] {(byte) i}));
        }
        assertThat(queue.buffers()).isEqualTo(1000);
        for (int i = 0; i < 1000; i++) {
            assertThat(write(queue, 1, 1)).containsExactly(i);
        }
        queue.put(7);
        assertThat(write(queue, 1, 1)).containsExactly(7);
    }

    @Test
    void anEmptyQueueHoldsNothing() {
        assertThat(queue.isEmpty()).isTrue();
        assertThat(queue.size()).isZero();
        assertThat(queue.gather(new ByteBuffer[4])).isZero();
        queue.append(ByteBuffer.allocate(0));
        queue.put(ByteBuffer.allocate(0));
        queue.putMasked(ByteBuffer.allocate(0), 1);
        assertThat(queue.gather(new ByteBuffer[4])).isZero();
        assertThat(source.acquired).isZero();
    }

    @Test
    void numbersAreWrittenTheHighByteFirst() {
        queue.put(0x101);
        queue.putShort(0x10203);
        queue.putInt(0x0405_0607);
        queue.putLong(0x0809_0A0B_0C0D_0E0FL);
        assertThat(write(queue, 4, 100)).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
        assertThat(source.out).isEmpty();
    }

    @Test
    void aNumberIsNeverSplitOverTwoChunks() {
        queue.put(ByteBuffer.allocate(250));
        queue.putLong(-1);
        assertThat(queue.size()).isEqualTo(258);
        assertThat(source.out).hasSize(2);
        byte[] all = write(queue, 4, 1000);
        assertThat(Arrays.copyOfRange(all, 250, 258)).containsOnly(-1);
    }

    @Test
    void smallWritesShareAChunk() {
        for (int i = 0; i < 64; i++) {
            queue.putInt(i);
        }
        assertThat(source.acquired).isOne();
        assertThat(queue.gather(new ByteBuffer[4])).isOne();
    }

    @Test
    void writesGoOnInAChunkThatIsPartlySent() {
        queue.put(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        assertThat(write(queue, 1, 2)).containsExactly(1, 2);
        queue.put(4);
        assertThat(source.acquired).isOne();
        assertThat(write(queue, 1, 100)).containsExactly(3, 4);
        assertThat(source.out).isEmpty();
    }

    @Test
    void appendedBytesAreNotCopied() {
        ByteBuffer shared = ByteBuffer.wrap(new byte[] {1, 2, 3});
        queue.put(0);
        queue.append(shared);
        queue.put(4);
        ByteBuffer[] batch = new ByteBuffer[4];
        assertThat(queue.gather(batch)).isEqualTo(3);
        assertThat(batch[1]).isSameAs(shared);
        assertThat(write(queue, 4, 100)).containsExactly(0, 1, 2, 3, 4);
        assertThat(source.out).isEmpty();
    }

    @Test
    @DisplayName("what is put behind an appended buffer with spare capacity does not end up in it")
    void neverWritesIntoAppendedBuffers() {
        ByteBuffer shared = ByteBuffer.allocate(100).limit(1);
        queue.append(shared);
        queue.put(9);
        assertThat(write(queue, 4, 100)).containsExactly(0, 9);
        assertThat(shared.clear().get(1)).isZero();
    }

    @Test
    void putLeavesTheGivenBufferAsItIs() {
        byte[] bytes = {1, 2, 3, 4, 5, 6, 7, 8, 9};
        ByteBuffer given = ByteBuffer.wrap(bytes.clone()).position(2).limit(8);
        queue.put(given);
        queue.putMasked(given.asReadOnlyBuffer(), -1);
        assertThat(given.position()).isEqualTo(2);
        assertThat(given.limit()).isEqualTo(8);
        assertThat(given.array()).isEqualTo(bytes);
        assertThat(write(queue, 4, 100)).containsExactly(3, 4, 5, 6, 7, 8, ~3, ~4, ~5, ~6, ~7, ~8);
    }

    @Test
    void clearGivesEveryChunkBack() {
        queue.put(ByteBuffer.allocate(1000));
        queue.append(ByteBuffer.allocate(10));
        queue.put(1);
        write(queue, 2, 300);
        queue.clear();
        assertThat(queue.isEmpty()).isTrue();
        assertThat(queue.gather(new ByteBuffer[4])).isZero();
        assertThat(source.out).isEmpty();
        queue.put(7);
        assertThat(write(queue, 4, 100)).containsExactly(7);
    }

    @Test
    @DisplayName(
            "any sequence of writes and partial sends leaves as the same bytes, and every chunk is given back once")
    void behavesAsAnArrayOfBytes() {
        Seeded.run(400, random -> {
            CountingSource chunks = new CountingSource();
            OutputQueue tested = new OutputQueue(chunks);
            ByteArrayOutputStream put = new ByteArrayOutputStream();
            ByteArrayOutputStream sent = new ByteArrayOutputStream();
            for (int step = 0; step < 60; step++) {
                switch (random.intBetween(0, 12)) {
                    case 0 -> {
                        int value = random.nextInt();
                        tested.put(value);
                        put.write(value);
                    }
                    case 1 -> {
                        int value = random.nextInt();
                        tested.putShort(value);
                        put.writeBytes(
                                ByteBuffer.allocate(2).putShort((short) value).array());
                    }
                    case 2 -> {
                        int value = random.nextInt();
                        tested.putInt(value);
                        put.writeBytes(ByteBuffer.allocate(4).putInt(value).array());
                    }
                    case 3 -> {
                        long value = random.nextLong();
                        tested.putLong(value);
                        put.writeBytes(ByteBuffer.allocate(8).putLong(value).array());
                    }
                    case 4 -> {
                        byte[] bytes = random.bytes(random.intBetween(0, 700));
                        tested.put(ByteBuffer.wrap(bytes));
                        put.writeBytes(bytes);
                    }
                    case 5 -> {
                        byte[] bytes = random.bytes(random.intBetween(0, 700));
                        int key = random.nextInt();
                        tested.putMasked(ByteBuffer.wrap(bytes), key);
                        for (int i = 0; i < bytes.length; i++) {
                            put.write(bytes[i] ^ (key >>> (24 - 8 * (i % 4))));
                        }
                    }
                    case 6 -> {
                        byte[] bytes = random.bytes(random.intBetween(0, 700));
                        tested.append(ByteBuffer.wrap(bytes));
                        put.writeBytes(bytes);
                    }
                    case 7 -> {
                        byte[] bytes = random.bytes(random.intBetween(0, 700));
                        tested.share(ByteBuffer.wrap(bytes));
                        put.writeBytes(bytes);
                    }
                    case 8 -> {
                        byte[] bytes = random.bytes(random.intBetween(0, 2 * OutputQueue.LOAN_BYTES));
                        ByteBuffer lent = ByteBuffer.wrap(bytes.clone());
                        put.writeBytes(bytes);
                        tested.allowLoan();
                        tested.put(lent);
                        sent.writeBytes(write(tested, random.intBetween(1, 6), random.intBetween(0, 20_000)));
                        tested.settleLoan();
                        Arrays.fill(lent.array(), (byte) 0);
                        assertThat(lent.remaining()).isEqualTo(bytes.length);
                    }
                    case 9 ->
                        sent.writeBytes(writeCopy(tested, random.intBetween(1, 3000), random.intBetween(0, 3000)));
                    default -> sent.writeBytes(write(tested, random.intBetween(1, 6), random.intBetween(0, 900)));
                }
                assertThat(tested.size()).isEqualTo(put.size() - sent.size());
                assertThat(tested.isEmpty()).isEqualTo(put.size() == sent.size());
                if (tested.isEmpty()) {
                    assertThat(chunks.out).as("an empty queue holds no chunk").isEmpty();
                }
            }
            while (!tested.isEmpty()) {
                sent.writeBytes(writeCopy(tested, 1000, random.intBetween(1, 500)));
            }
            assertThat(sent.toByteArray()).isEqualTo(put.toByteArray());
            assertThat(chunks.out).isEmpty();
        });
    }
}
