package dev.bowline.testkit;

import java.util.List;
import java.util.SplittableRandom;

/**
 * A random source for tests whose every failure can be repeated.
 *
 * <pre>{@code
 * Seeded.run(1_000, random -> {
 *     byte[] payload = random.bytes(random.intBetween(0, 300));
 *     assertThat(decode(encode(payload))).isEqualTo(payload);
 * });
 * }</pre>
 *
 * <p>{@link #run} takes its first seed from the system property {@value #PROPERTY}, or a fresh one. Every iteration has a seed of
 * its own; when one fails, the error's message begins with that seed and the property to set, and a run with the property set
 * meets the failing case in its first iteration.
 *
 * <p>An instance belongs to one thread.
 */
public final class Seeded {
    /** The system property that names the seed of the first iteration, a decimal {@code long}. */
    public static final String PROPERTY = "bowline.seed";

    /** What {@link #run} runs. */
    @FunctionalInterface
    public interface Body {
        /** Runs one iteration with its own random source. */
        void run(Seeded random) throws Exception;
    }

    private final long seed;
    private final SplittableRandom random;

    private Seeded(long seed) {
        this.seed = seed;
        this.random = new SplittableRandom(seed);
    }

    /** A source with the given seed: the same seed gives the same values, on every JDK. */
    public static Seeded of(long seed) {
        return new Seeded(seed);
    }

    /**
     * Runs {@code body} {@code iterations} times, each time with a new source.
     *
     * @throws AssertionError if an iteration threw; its message begins with the seed, its cause is what was thrown
     */
    public static void run(int iterations, Body body) {
        long seed = firstSeed();
        for (int i = 1; i <= iterations; i++) {
            try {
                body.run(new Seeded(seed));
            } catch (Exception | AssertionError e) {
                throw new AssertionError(
                        "seed " + seed + " (iteration " + i + " of " + iterations + "; repeat with -D" + PROPERTY + "="
                                + seed + "): " + e,
                        e);
            }
            seed = new SplittableRandom(seed).nextLong();
        }
    }

    private static long firstSeed() {
        String given = System.getProperty(PROPERTY);
        if (given == null || given.isBlank()) {
            return new SplittableRandom().nextLong();
        }
        try {
            return Long.parseLong(given.trim());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("-D" + PROPERTY + " must be a decimal number, was: " + given, e);
        }
    }

    /** The seed this source was made with. */
    public long seed() {
        return seed;
    }

    /** Any {@code int}. */
    public int nextInt() {
        return random.nextInt();
    }

    /** Any {@code long}. */
    public long nextLong() {
        return random.nextLong();
    }

    /** True in half of the cases. */
    public boolean nextBoolean() {
        return random.nextBoolean();
    }

    /** At least 0, below 1. Handy where code takes an injected random for jitter. */
    public double nextDouble() {
        return random.nextDouble();
    }

    /** An {@code int} from {@code lowest} to {@code highest}, both included. */
    public int intBetween(int lowest, int highest) {
        return (int) longBetween(lowest, highest);
    }

    /** A {@code long} from {@code lowest} to {@code highest}, both included; {@code highest} below {@link Long#MAX_VALUE}. */
    public long longBetween(long lowest, long highest) {
        return random.nextLong(lowest, highest + 1);
    }

    /** True in {@code percent} of a hundred cases. */
    public boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    /** One of the given values. */
    @SafeVarargs
    public final <T> T oneOf(T... values) {
        return values[random.nextInt(values.length)];
    }

    /** One of the given values. */
    public <T> T oneOf(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    /** {@code count} arbitrary bytes. */
    public byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    /** {@code count} printable ASCII characters, space included. */
    public String ascii(int count) {
        StringBuilder text = new StringBuilder(count);
        for (int i = 0; i < count; i++) {
            text.append((char) intBetween(' ', '~'));
        }
        return text.toString();
    }

    /**
     * Well-formed text of {@code codePoints} code points: one, two, three and four bytes of UTF-8 about equally often, the ends of
     * each range (U+0000, U+007F, U+0080, U+07FF … U+10FFFF) more often than chance would have them; never a lone surrogate.
     */
    public String text(int codePoints) {
        StringBuilder text = new StringBuilder(codePoints * 2);
        for (int i = 0; i < codePoints; i++) {
            text.appendCodePoint(codePoint());
        }
        return text.toString();
    }

    private int codePoint() {
        return switch (random.nextInt(5)) {
            case 0 -> fromRange(0, 0x7F);
            case 1 -> fromRange(0x80, 0x7FF);
            case 2 -> fromRange(0x800, 0xD7FF);
            case 3 -> fromRange(0xE000, 0xFFFF);
            default -> fromRange(0x1_0000, 0x10_FFFF);
        };
    }

    private int fromRange(int lowest, int highest) {
        return switch (random.nextInt(8)) {
            case 0 -> lowest;
            case 1 -> highest;
            default -> intBetween(lowest, highest);
        };
    }

    @Override
    public String toString() {
        return "Seeded[" + seed + "]";
    }
}
