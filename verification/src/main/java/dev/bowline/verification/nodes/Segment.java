package dev.bowline.verification.nodes;

import java.util.Arrays;

/** Messages of a topic that one client was told without a break. */
final class Segment {
    /** In the place of a message that was told as a gap. */
    static final long GAP = -1;

    private final long first;
    private long[] labels = new long[16];
    private int count;

    /** @param first the offset of the first one */
    Segment(long first) {
        this.first = first;
    }

    long first() {
        return first;
    }

    /** The offset that is to come. */
    long next() {
        return first + count;
    }

    /** @param label packed, or {@link #GAP} */
    void add(long label) {
        if (count == labels.length) {
            labels = Arrays.copyOf(labels, count * 2);
        }
        labels[count++] = label;
    }

    int count() {
        return count;
    }

    /** @param index from 0 */
    long label(int index) {
        return labels[index];
    }

    /** 0 for an empty one. */
    long last() {
        return count == 0 ? 0 : labels[count - 1];
    }

    /** Whether it has that one, among the last ones. */
    boolean endsWith(long label) {
        return last() == label;
    }
}
