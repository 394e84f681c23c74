package dev.bowline.codec.deflate;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.zip.Deflater;

/**
 * The compressor beside zlib in one JVM: not a test, run by hand. For every message the best of many rounds counts, and
 * rounds of all contestants alternate, so that a busy machine disturbs the ratios little. There are many different
 * messages of each size: with a few, a processor learns their branches by heart.
 *
 * <pre>mvn -o -q test-compile -pl codec -am
 * java -cp codec/target/classes:codec/target/test-classes:testkit/target/classes dev.bowline.codec.deflate.DeflateBench</pre>
 */
final class DeflateBench {
    private static final int[] LEVELS = {1, 2, 4, 6, 9};

    private DeflateBench() {}

    public static void main(String[] args) {
        DeflateEncoder encoder = new DeflateEncoder();
        MatchFinder finder = new MatchFinder(15);
        for (int size : new int[] {300, 1024, 4096, 16_384, 65_536}) {
            byte[][] messages = new byte[Math.max(12, 400_000 / size)][];
            Arrays.setAll(messages, i -> Corpus.message(Corpus.Kind.JSON, size, 1000 + i));
            List<Consumer<byte[]>> contestants = new ArrayList<>(List.of(zlib(1), zlib(6)));
            for (int level : LEVELS) {
                contestants.add(message -> {
                    finder.reset();
                    encoder.encode(finder, level, ByteBuffer.wrap(message));
                });
            }
            report(size, measure(contestants, messages, Math.min(60, 60 * 400_000 / size / messages.length)));
        }
    }

    private static Consumer<byte[]> zlib(int level) {
        Deflater deflater = new Deflater(level, true);
        byte[] out = new byte[100_000];
        return message -> {
            deflater.reset();
            deflater.setInput(message);
            deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
        };
    }

    /** Microseconds for a message, of each contestant. */
    private static double[] measure(List<Consumer<byte[]>> contestants, byte[][] messages, int rounds) {
        double[][] best = new double[contestants.size()][messages.length];
        for (double[] row : best) {
            Arrays.fill(row, Double.MAX_VALUE);
        }
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < contestants.size(); i++) {
                for (int j = 0; j < messages.length; j++) {
                    long start = System.nanoTime();
                    contestants.get(i).accept(messages[j]);
                    best[i][j] = Math.min(best[i][j], (double) (System.nanoTime() - start));
                }
            }
        }
        return Arrays.stream(best)
                .mapToDouble(row -> Arrays.stream(row).average().orElse(0) / 1000)
                .toArray();
    }

    private static void report(int size, double[] micros) {
        StringBuilder line = new StringBuilder(
                String.format(Locale.ROOT, "%6d bytes: zlib 1 %.1f us, zlib 6 %.1f us", size, micros[0], micros[1]));
        for (int i = 0; i < LEVELS.length; i++) {
            double ours = micros[2 + i];
            line.append(String.format(
                    Locale.ROOT,
                    "; level %d %.1f us (%.2f, %.2f)",
                    LEVELS[i],
                    ours,
                    ours / micros[0],
                    ours / micros[1]));
        }
        System.out.println(line);
    }
}
