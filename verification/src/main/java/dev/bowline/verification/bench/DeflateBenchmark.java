package dev.bowline.verification.bench;

import dev.bowline.codec.Extension;
import dev.bowline.codec.ExtensionScope;
import dev.bowline.codec.MessageBuffer;
import dev.bowline.codec.Opcode;
import dev.bowline.testkit.Corpus;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to compress a message of JSON, beside the JDK's zlib, and to inflate one. There are many different
 * messages of each size: with a few, a processor learns their branches by heart. Look at the median ({@code p0.50}): a
 * busy machine disturbs it little. docs/compression.md has the command.
 */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class DeflateBenchmark {
    /** The messages of one size. */
    static byte[][] messages(int size) {
        byte[][] messages = new byte[Math.max(12, 400_000 / size)][];
        Arrays.setAll(messages, i -> Corpus.message(Corpus.Kind.JSON, size, 1000 + i));
        return messages;
    }

    /** Who compresses what. */
    @State(Scope.Thread)
    public static class Compressing {
        @Param({"100", "1024", "16384", "65536"})
        int size;

        @Param({"false", "true"})
        boolean context;

        @Param({"bowline-1", "bowline-6", "zlib-1", "zlib-6"})
        String coder = "";

        private byte[][] messages = {};
        private int next;
        private Coder made = Coder.of("zlib-1", false);

        @Setup(Level.Trial)
        public void make() {
            made.close();
            messages = messages(size);
            made = Coder.of(coder, context);
        }

        @TearDown(Level.Trial)
        public void close() {
            made.close();
        }
    }

    /** What is inflated: messages that were compressed at level 6. */
    @State(Scope.Thread)
    public static class Inflating {
        @Param({"1024", "16384"})
        int size;

        @Param({"false", "true"})
        boolean context;

        private final ExtensionScope scope = new ExtensionScope();
        private Extension extension = Coder.Bowline.extension(6, false, scope);
        private ByteBuffer[] messages = {};
        private int next;

        @Setup(Level.Trial)
        public void make() {
            extension = Coder.Bowline.extension(6, context, scope);
            // Compressed each for itself: so they can follow one another in any order, also where a context is kept.
            Extension sender = Coder.Bowline.extension(6, false, scope);
            messages = Arrays.stream(messages(size))
                    .map(message -> Objects.requireNonNull(sender.encode(Opcode.TEXT, ByteBuffer.wrap(message), true)))
                    .map(encoded -> ByteBuffer.allocate(encoded.remaining())
                            .put(encoded)
                            .flip())
                    .toArray(ByteBuffer[]::new);
        }

        @TearDown(Level.Trial)
        public void close() {
            extension.close();
            scope.close();
        }
    }

    @Benchmark
    public int compress(Compressing state) {
        state.next = (state.next + 1) % state.messages.length;
        return state.made.compress(state.messages[state.next]);
    }

    @Benchmark
    public int inflate(Inflating state) {
        state.next = (state.next + 1) % state.messages.length;
        ByteBuffer message = state.messages[state.next];
        MessageBuffer content = new MessageBuffer(state.size);
        if (state.extension.decode(message, 0, message.limit(), true, content) != null) {
            throw new IllegalStateException("not inflated");
        }
        return content.size();
    }
}
