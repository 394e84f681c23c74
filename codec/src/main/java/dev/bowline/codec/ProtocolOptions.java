package dev.bowline.codec;

import java.time.Duration;

/**
 * The limits of one connection. Immutable; validated once, here.
 *
 * @param maxMessageBytes the largest message accepted, in bytes after unmasking and any extension; 1 to 2^31−9;
 *     default 1 MiB
 * @param maxFrameBytes the largest data frame accepted, in payload bytes; 1 to 2^31−9; default 1 MiB
 * @param closeTimeout how long the closing handshake may take before the TCP stream is dropped; more than zero, at
 *     most 2^63−1 ns, the scale of {@link System#nanoTime}; default 5 s
 */
public record ProtocolOptions(int maxMessageBytes, int maxFrameBytes, Duration closeTimeout) {
    public static final ProtocolOptions DEFAULT = new ProtocolOptions(1 << 20, 1 << 20, Duration.ofSeconds(5));

    /** The largest array that every JVM can allocate. */
    private static final int LARGEST = Integer.MAX_VALUE - 8;

    public ProtocolOptions {
        requireRange("maxMessageBytes", maxMessageBytes);
        requireRange("maxFrameBytes", maxFrameBytes);
        Duration longest = Duration.ofNanos(Long.MAX_VALUE);
        if (closeTimeout.isNegative() || closeTimeout.isZero() || closeTimeout.compareTo(longest) > 0) {
            throw new IllegalArgumentException(
                    "closeTimeout is " + closeTimeout + ", must be more than zero and at most " + longest);
        }
    }

    private static void requireRange(String name, int value) {
        if (value < 1 || value > LARGEST) {
            throw new IllegalArgumentException(name + " is " + value + ", must be 1 to " + LARGEST);
        }
    }
}
