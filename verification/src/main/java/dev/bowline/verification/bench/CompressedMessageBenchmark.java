package dev.bowline.verification.bench;

import dev.bowline.codec.Opcode;
import dev.bowline.codec.Role;
import dev.bowline.testkit.RawFrame;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.zip.Deflater;
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
 * What a compressed message of JSON costs a server, from the bytes of its frame to the message and back, beside other
 * codecs. The messages are those of {@link DeflateBenchmark}, which measures the compressors alone.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class CompressedMessageBenchmark {
    private static final int RSV1 = 4;
    private static final int TAIL_BYTES = 4;

    /** A client's frame of a message that zlib has compressed: the same bytes for every codec. */
    static byte[] frame(byte[] message) {
        Deflater deflater = new Deflater(6, true);
        try {
            deflater.setInput(message);
            byte[] out = new byte[message.length + 100];
            int n = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
            return RawFrame.of(Opcode.BINARY, Arrays.copyOf(out, n - TAIL_BYTES))
                    .withRsv(RSV1)
                    .withMask(Arrays.hashCode(message))
                    .bytes();
        } finally {
            deflater.end();
        }
    }

    /** Whose codec, and what passes. */
    @State(Scope.Thread)
    public static class Messages {
        @Param({"bowline", "netty", "java-websocket"})
        String codec = "";

        @Param({"1024", "16384"})
        int size;

        private final Tally tally = new Tally(false);
        private FrameCodec made = FrameCodec.of("bowline", Role.SERVER, true, tally);
        private byte[][] messages = {};
        private byte[][] frames = {};
        private int next;

        @Setup(Level.Trial)
        public void make() {
            made.close();
            made = FrameCodec.of(codec, Role.SERVER, true, tally);
            messages = DeflateBenchmark.messages(size);
            frames = Arrays.stream(messages)
                    .map(CompressedMessageBenchmark::frame)
                    .toArray(byte[][]::new);
        }

        @TearDown(Level.Trial)
        public void close() {
            made.close();
        }
    }

    @Benchmark
    public int sendCompressed(Messages state) {
        state.next = (state.next + 1) % state.messages.length;
        state.made.send(state.messages[state.next]);
        return state.tally.digest();
    }

    @Benchmark
    public int receiveCompressed(Messages state) {
        state.next = (state.next + 1) % state.frames.length;
        state.made.receive(state.frames[state.next]);
        return state.tally.digest();
    }
}
