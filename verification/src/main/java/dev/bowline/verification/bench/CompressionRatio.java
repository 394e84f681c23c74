package dev.bowline.verification.bench;

import java.util.Locale;

/**
 * How small messages of JSON become, in percent of their size, beside the JDK's zlib: prints a table. The messages are
 * those of {@link DeflateBenchmark}.
 */
public final class CompressionRatio {
    private static final String[] CODERS = {"bowline-1", "zlib-1", "bowline-6", "zlib-6"};

    private CompressionRatio() {}

    public static void main(String[] arguments) {
        System.out.printf(
                "%-24s %12s %12s %12s %12s%n", "% of the bytes remain", CODERS[0], CODERS[1], CODERS[2], CODERS[3]);
        for (boolean context : new boolean[] {false, true}) {
            for (int size : new int[] {100, 300, 1024, 4096, 16_384, 65_536}) {
                System.out.printf("%-24s", size + " bytes" + (context ? ", context" : ""));
                for (String coder : CODERS) {
                    System.out.printf(Locale.ROOT, " %12.1f", percent(coder, context, DeflateBenchmark.messages(size)));
                }
                System.out.println();
            }
        }
    }

    private static double percent(String name, boolean context, byte[][] messages) {
        long before = 0;
        long after = 0;
        try (Coder coder = Coder.of(name, context)) {
            for (byte[] message : messages) {
                before += message.length;
                after += coder.compress(message);
            }
        }
        return 100.0 * after / before;
    }
}
