package dev.bowline.verification.bench;

import dev.bowline.codec.Masking;
import dev.bowline.testkit.Seeded;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Masking alone, beside the loop that RFC 6455 §5.3 writes down. The other codecs have it only as a part of more:
 * {@link FrameBenchmark} measures them.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class MaskingBenchmark {
    /** Behind the header of a small frame: what is masked seldom lies at a multiple of eight. */
    static final int FROM = 6;

    /** Masks a region in place. */
    interface Masker {
        void apply(ByteBuffer buffer, int from, int to, int key);

        /** One by name: {@code bowline} or {@code bytewise}. */
        static Masker of(String name) {
            return switch (name) {
                case "bowline" -> Masking::apply;
                case "bytewise" -> MaskingBenchmark::bytewise;
                default -> throw new IllegalArgumentException("there is no masker " + name);
            };
        }
    }

    private static void bytewise(ByteBuffer buffer, int from, int to, int key) {
        for (int i = from; i < to; i++) {
            buffer.put(i, (byte) (buffer.get(i) ^ (key >>> (24 - ((i - from & 3) << 3)))));
        }
    }

    /** Who masks what, and where it lies. */
    @State(Scope.Thread)
    public static class Masked {
        @Param({"bowline", "bytewise"})
        String codec = "";

        @Param({"20", "1024", "16384", "1048576"})
        int size;

        @Param({"heap", "direct"})
        String memory = "";

        private Masker masker = Masking::apply;
        private ByteBuffer buffer = ByteBuffer.allocate(0);
        private int key;

        @Setup(Level.Trial)
        public void make() {
            masker = Masker.of(codec);
            buffer = memory.equals("heap") ? ByteBuffer.allocate(FROM + size) : ByteBuffer.allocateDirect(FROM + size);
            Seeded random = Seeded.of(size);
            buffer.put(random.bytes(FROM + size)).clear();
            key = random.nextInt();
        }
    }

    @Benchmark
    public ByteBuffer mask(Masked state) {
        state.masker.apply(state.buffer, FROM, FROM + state.size, state.key);
        return state.buffer;
    }
}
