package dev.bowline.codec.deflate;

/**
 * How hard to look for matches.
 *
 * @param depth how many places to look at
 * @param chained whether to look at more than the nearest place, and one byte later too
 * @param lazyLength a shorter match gives way to a longer one that begins one byte later
 * @param niceLength a match of this length is taken as it is
 */
record Effort(int depth, boolean chained, int lazyLength, int niceLength) {
    static final int FASTEST = 1;
    static final int TIGHTEST = 9;

    private static final Effort[] LEVELS = {
        new Effort(1, false, 0, 0),
        new Effort(2, true, 0, 32),
        new Effort(4, true, 0, 32),
        new Effort(6, true, 5, 32),
        new Effort(10, true, 5, 64),
        new Effort(20, true, 5, 64),
        new Effort(32, true, 16, 128),
        new Effort(128, true, 32, 258),
        new Effort(512, true, 258, 258),
    };

    /** The effort of a level from {@link #FASTEST} to {@link #TIGHTEST}. */
    static Effort ofLevel(int level) {
        return LEVELS[level - FASTEST];
    }
}
