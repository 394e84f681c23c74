package dev.bowline.testkit;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Feeds the same input to a decoder in many different cuts, as a network may deliver it.
 *
 * <pre>{@code
 * Splits.everyBoundary(input, parts -> {
 *     Decoder decoder = new Decoder();          // a new one for every cut
 *     for (ByteBuffer part : parts) decoder.feed(part);
 *     assertThat(decoder.messages()).containsExactly("Hello");
 * });
 * }</pre>
 *
 * <p>Each part is a fresh buffer, heap or direct, whose valid region (position to limit) lies between bytes of garbage: code that
 * reads from index 0, from {@code arrayOffset} 0, or past the limit, reads garbage. The valid region may be changed in place
 * (unmasking does); a changed byte of garbage fails the test. Parts may be empty. The order is always the same.
 *
 * <p>A failure is an {@link AssertionError} whose message names the cut and whose cause is what was thrown.
 */
public final class Splits {
    private static final int GARBAGE_BEFORE = 5;
    private static final int GARBAGE_AFTER = 11;
    private static final int PAIRS_LIMIT = 512;

    /** Takes one cut of the input. Called anew for every cut, so it makes what it tests itself. */
    @FunctionalInterface
    public interface SplitConsumer {
        /** Consumes the parts of the input, in order. */
        void accept(List<ByteBuffer> parts) throws Exception;
    }

    private Splits() {}

    /** Cuts in two at each boundary, from 0 (empty first part) to the length (empty last part); with heap and direct buffers. */
    public static void everyBoundary(byte[] input, SplitConsumer consumer) {
        for (int cut = 0; cut <= input.length; cut++) {
            feed(input, new int[] {cut}, false, consumer);
            feed(input, new int[] {cut}, true, consumer);
        }
    }

    /** One byte in each part; with heap and with direct buffers. */
    public static void oneByteAtATime(byte[] input, SplitConsumer consumer) {
        int[] cuts = new int[Math.max(0, input.length - 1)];
        Arrays.setAll(cuts, i -> i + 1);
        feed(input, cuts, false, consumer);
        feed(input, cuts, true, consumer);
    }

    /**
     * Cuts in three at each pair of boundaries, equal ones included (empty middle part); heap and direct buffers in turn.
     *
     * @throws IllegalArgumentException if the input is longer than 512 bytes: the work grows with the cube of the length
     */
    public static void everyPairOfBoundaries(byte[] input, SplitConsumer consumer) {
        if (input.length > PAIRS_LIMIT) {
            throw new IllegalArgumentException(
                    "at most " + PAIRS_LIMIT + " bytes for every pair of boundaries, not " + input.length);
        }
        for (int first = 0; first <= input.length; first++) {
            for (int second = first; second <= input.length; second++) {
                feed(input, new int[] {first, second}, (first + second) % 2 == 1, consumer);
            }
        }
    }

    /** One random cut into as many as 16 parts, of heap or direct buffers. Call it within {@link Seeded#run}. */
    public static void random(byte[] input, Seeded random, SplitConsumer consumer) {
        int[] cuts = new int[random.intBetween(0, 15)];
        Arrays.setAll(cuts, i -> random.intBetween(0, input.length));
        Arrays.sort(cuts);
        feed(input, cuts, random.nextBoolean(), consumer);
    }

    /** Cuts at the given boundaries, in ascending order. */
    public static List<ByteBuffer> at(byte[] input, int... cuts) {
        return parts(input, cuts, false);
    }

    /** All of {@code input} in one buffer between garbage, heap or direct. */
    public static ByteBuffer whole(byte[] input, boolean direct) {
        return part(input, 0, input.length, direct);
    }

    private static void feed(byte[] input, int[] cuts, boolean direct, SplitConsumer consumer) {
        List<ByteBuffer> parts = parts(input, cuts, direct);
        // The consumer moves positions and limits, so the guard looks through views of its own.
        List<ByteBuffer> guards = parts.stream().map(ByteBuffer::duplicate).toList();
        try {
            consumer.accept(parts);
            guards.forEach(Splits::checkGarbage);
        } catch (Exception | AssertionError e) {
            throw new AssertionError(describe(input, cuts, direct) + ": " + e, e);
        }
    }

    private static List<ByteBuffer> parts(byte[] input, int[] cuts, boolean direct) {
        List<ByteBuffer> parts = new ArrayList<>(cuts.length + 1);
        int from = 0;
        for (int cut : cuts) {
            parts.add(part(input, from, cut, direct));
            from = cut;
        }
        parts.add(part(input, from, input.length, direct));
        return parts;
    }

    private static ByteBuffer part(byte[] input, int from, int to, boolean direct) {
        int capacity = GARBAGE_BEFORE + to - from + GARBAGE_AFTER;
        ByteBuffer buffer = direct ? ByteBuffer.allocateDirect(capacity) : ByteBuffer.allocate(capacity + 1);
        if (!direct) {
            buffer = buffer.slice(1, capacity); // arrayOffset() is 1
        }
        for (int i = 0; i < capacity; i++) {
            buffer.put(i, garbage(i));
        }
        buffer.put(GARBAGE_BEFORE, input, from, to - from);
        return buffer.position(GARBAGE_BEFORE).limit(GARBAGE_BEFORE + to - from);
    }

    /** Differs from byte to byte, and is never what a frame begins with: bits RSV are set. */
    private static byte garbage(int index) {
        return (byte) (0xF3 + 31 * index | 0x70);
    }

    private static void checkGarbage(ByteBuffer guard) {
        int from = guard.position();
        int to = guard.limit();
        guard.clear();
        for (int i = 0; i < guard.capacity(); i++) {
            if ((i < from || i >= to) && guard.get(i) != garbage(i)) {
                throw new AssertionError("wrote outside its region: byte " + (i - from) + " of a part of " + (to - from)
                        + " bytes was changed");
            }
        }
    }

    private static String describe(byte[] input, int[] cuts, boolean direct) {
        String where = cuts.length > 20 ? "one byte at a time" : "cut at " + Arrays.toString(cuts);
        return where + " of " + input.length + " bytes in " + (direct ? "direct" : "heap") + " buffers";
    }
}
