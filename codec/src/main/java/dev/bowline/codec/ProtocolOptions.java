package dev.bowline.codec;

import java.time.Duration;

/**
 * The limits of one connection. Immutable; validated once, here.
 *
 * @param maxMessageBytes the largest message accepted, in bytes after unmasking and any extension; 1 to 2^31−9;
 *     default 1 MiB
 * @param maxFrameBytes the largest data frame accepted, in payload bytes; 1 to 2^31−9; default 1 MiB. A frame of a
 *     compressed message may be larger by an eighth and 64 bytes, as what does not compress grows
 * @param maxFragments the most frames that one message may come in; 1, which forbids fragments, or more; default
 *     131,072. Frames may be empty, so the size of a message is no limit to their number
 * @param messageTimeout how long a message may take from its first byte to its last, and a second longer for each 1,000
 *     bytes of it that have come; zero for no limit; at most 2^63−1 ns; default 60 s. A heartbeat does not do instead:
 *     to it every byte is life
 * @param closeTimeout how long the closing handshake may take before the TCP stream is dropped; more than zero, at
 *     most 2^63−1 ns, the scale of {@link System#nanoTime}; default 5 s
 */
public record ProtocolOptions(
        int maxMessageBytes, int maxFrameBytes, int maxFragments, Duration messageTimeout, Duration closeTimeout) {
    /** The largest array that every JVM can allocate. */
    private static final int LARGEST = Integer.MAX_VALUE - 8;

    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

    // Below what it is validated with.
    public static final ProtocolOptions DEFAULT =
            new ProtocolOptions(1 << 20, 1 << 20, 1 << 17, Duration.ofSeconds(60), Duration.ofSeconds(5));

    public ProtocolOptions {
        requireRange("maxMessageBytes", maxMessageBytes);
        requireRange("maxFrameBytes", maxFrameBytes);
        if (maxFragments < 1) {
            throw new IllegalArgumentException("maxFragments is " + maxFragments + ", must be at least 1");
        }
        if (messageTimeout.isNegative() || messageTimeout.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("messageTimeout is " + messageTimeout
                    + ", must not be negative and at most " + LONGEST + "; zero means no limit");
        }
        if (closeTimeout.isNegative() || closeTimeout.isZero() || closeTimeout.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "closeTimeout is " + closeTimeout + ", must be more than zero and at most " + LONGEST);
        }
    }

    /** These limits, and the others at their defaults. */
    public ProtocolOptions(int maxMessageBytes, int maxFrameBytes, Duration closeTimeout) {
        this(maxMessageBytes, maxFrameBytes, 1 << 17, Duration.ofSeconds(60), closeTimeout);
    }

    private static void requireRange(String name, int value) {
        if (value < 1 || value > LARGEST) {
            throw new IllegalArgumentException(name + " is " + value + ", must be 1 to " + LARGEST);
        }
    }
}
