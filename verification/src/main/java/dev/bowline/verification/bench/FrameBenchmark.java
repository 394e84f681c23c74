package dev.bowline.verification.bench;

import dev.bowline.codec.Opcode;
import dev.bowline.codec.Role;
import dev.bowline.testkit.RawFrame;
import dev.bowline.testkit.Seeded;
import java.io.ByteArrayOutputStream;
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
 * What frames cost to take apart and to make, beside other codecs. docs/codec-benchmarks.md has the command and says what
 * is counted.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class FrameBenchmark {
    /** What a client sends: so many binary messages as fit 16 KiB, or one, each masked with a key of its own. */
    static byte[] stream(int size) {
        Seeded random = Seeded.of(size);
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        do {
            byte[] frame = RawFrame.of(Opcode.BINARY, random.bytes(size))
                    .withMask(random.nextInt())
                    .bytes();
            if (stream.size() > 0 && stream.size() + frame.length > 16 * 1024) {
                break;
            }
            stream.writeBytes(frame);
        } while (size < 1024);
        return stream.toByteArray();
    }

    /** Whose codec. */
    @State(Scope.Thread)
    public abstract static class End {
        @Param({"bowline", "netty", "java-websocket"})
        String codec = "";

        private final Role role;
        private final Tally tally = new Tally(false);
        private FrameCodec made = FrameCodec.of("bowline", Role.SERVER, false, tally);

        End(Role role) {
            this.role = role;
        }

        @Setup(Level.Trial)
        public void make() {
            made.close();
            made = FrameCodec.of(codec, role, false, tally);
        }

        @TearDown(Level.Trial)
        public void close() {
            made.close();
        }
    }

    /** A server that receives. */
    public static class Receiving extends End {
        @Param({"20", "16384", "1048576"})
        int size;

        private byte[] stream = {};

        public Receiving() {
            super(Role.SERVER);
        }

        @Setup(Level.Trial)
        public void fill() {
            stream = stream(size);
        }
    }

    /** One that sends. */
    public abstract static class Sending extends End {
        @Param({"20", "1024", "16384", "1048576"})
        int size;

        private byte[] payload = {};

        Sending(Role role) {
            super(role);
        }

        @Setup(Level.Trial)
        public void fill() {
            payload = Seeded.of(size).bytes(size);
        }

        int send() {
            super.made.send(payload);
            return super.tally.digest();
        }
    }

    /** A server that sends. */
    public static class ServerSending extends Sending {
        public ServerSending() {
            super(Role.SERVER);
        }
    }

    /** A client that sends. */
    public static class ClientSending extends Sending {
        public ClientSending() {
            super(Role.CLIENT);
        }
    }

    @Benchmark
    public int parse(Receiving state) {
        ((End) state).made.receive(state.stream);
        return ((End) state).tally.digest();
    }

    @Benchmark
    public int serverFrame(ServerSending state) {
        return state.send();
    }

    @Benchmark
    public int clientFrame(ClientSending state) {
        return state.send();
    }
}
