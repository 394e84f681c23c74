package dev.bowline.testkit;

import java.time.Duration;

/**
 * What a {@link FaultProxy} does to the bytes of one direction of a link. Immutable.
 *
 * <p>A new fault replaces the one before. The count of {@link #closeAfter}, {@link #resetAfter} and {@link #blackHoleAfter} begins
 * at zero for each link, when the fault is applied to it or when the link begins.
 */
public final class Fault {
    /** What is done; package-private, as tests name faults by their factories. */
    enum Kind {
        NONE,
        BLACK_HOLE,
        STALL,
        DELAY,
        THROTTLE,
        SINGLE_BYTES,
        CLOSE_AFTER,
        RESET_AFTER,
        BLACK_HOLE_AFTER
    }

    private static final Fault NONE = new Fault(Kind.NONE, 0);
    private static final Fault BLACK_HOLE = new Fault(Kind.BLACK_HOLE, 0);
    private static final Fault STALL = new Fault(Kind.STALL, 0);
    private static final Fault SINGLE_BYTES = new Fault(Kind.SINGLE_BYTES, 0);

    private final Kind kind;

    /** Nanoseconds, bytes per second or bytes, as the kind has it. */
    private final long amount;

    private Fault(Kind kind, long amount) {
        this.kind = kind;
        this.amount = amount;
    }

    /** Bytes pass as they come. */
    public static Fault none() {
        return NONE;
    }

    /**
     * Bytes vanish, those under way too; neither FIN nor RST passes; the sockets stay open. The sender notices nothing, not even
     * a full buffer. An end that came meanwhile passes when the black hole is lifted; the bytes are gone, so the stream has a
     * hole then.
     */
    public static Fault blackHole() {
        return BLACK_HOLE;
    }

    /** Nothing is read or written, and nothing lost: the sender's buffers fill up, as with a receiver that does not read. */
    public static Fault stall() {
        return STALL;
    }

    /** Every byte, and the end, passes this much later. As many as 256 KiB are under way; then the sender has to wait. */
    public static Fault delay(Duration delay) {
        return new Fault(Kind.DELAY, positive(delay.toNanos()));
    }

    /** Bytes pass at this pace, in slices of a fiftieth of a second. */
    public static Fault throttle(long bytesPerSecond) {
        return new Fault(Kind.THROTTLE, positive(bytesPerSecond));
    }

    /** Each byte is written by itself, with other links' work in between: a receiver that keeps up reads bytes singly. */
    public static Fault singleBytes() {
        return SINGLE_BYTES;
    }

    /** So many bytes pass, then both sides of the link see FIN; at once for 0. */
    public static Fault closeAfter(long bytes) {
        return new Fault(Kind.CLOSE_AFTER, notNegative(bytes));
    }

    /** So many bytes pass, then both sides of the link see RST; at once for 0. */
    public static Fault resetAfter(long bytes) {
        return new Fault(Kind.RESET_AFTER, notNegative(bytes));
    }

    /** So many bytes pass, then this direction, and not the other one, is a {@link #blackHole}. */
    public static Fault blackHoleAfter(long bytes) {
        return new Fault(Kind.BLACK_HOLE_AFTER, notNegative(bytes));
    }

    Kind kind() {
        return kind;
    }

    boolean stalls() {
        return kind == Kind.STALL;
    }

    boolean swallows() {
        return kind == Kind.BLACK_HOLE;
    }

    boolean cuts() {
        return kind == Kind.CLOSE_AFTER || kind == Kind.RESET_AFTER || kind == Kind.BLACK_HOLE_AFTER;
    }

    /** The bytes that pass before a cut; without one, as many as there are. */
    long bytesBeforeCut() {
        return cuts() ? amount : Long.MAX_VALUE;
    }

    long delayNanos() {
        return kind == Kind.DELAY ? amount : 0;
    }

    /** The time that {@code count} bytes take. */
    long paceNanos(int count) {
        return kind == Kind.THROTTLE ? (long) (count * 1e9 / amount) : 0;
    }

    /** The most bytes to write at once. */
    long slice() {
        return switch (kind) {
            case SINGLE_BYTES -> 1;
            case THROTTLE -> Math.max(1, amount / 50);
            default -> Long.MAX_VALUE;
        };
    }

    private static long positive(long value) {
        if (value <= 0) {
            throw new IllegalArgumentException("must be above 0: " + value);
        }
        return value;
    }

    private static long notNegative(long value) {
        if (value < 0) {
            throw new IllegalArgumentException("must not be negative: " + value);
        }
        return value;
    }

    @Override
    public String toString() {
        return amount == 0 ? kind.toString() : kind + "(" + amount + ")";
    }
}
