package dev.bowline.codec.handshake;

/**
 * The bounds of an HTTP head.
 *
 * @param maxBytes the whole head, with line ends, in bytes; at least 64; default 8 KiB. Beyond it a server answers 431,
 *     or 414 where the start line alone is longer
 * @param maxHeaders the number of header fields; at least 1; default 64. Beyond it a server answers 431
 */
public record HeadLimits(int maxBytes, int maxHeaders) {
    public static final HeadLimits DEFAULT = new HeadLimits(8 * 1024, 64);

    public HeadLimits {
        if (maxBytes < 64) {
            throw new IllegalArgumentException("maxBytes is " + maxBytes + ", must be at least 64");
        }
        if (maxHeaders < 1) {
            throw new IllegalArgumentException("maxHeaders is " + maxHeaders + ", must be at least 1");
        }
    }
}
