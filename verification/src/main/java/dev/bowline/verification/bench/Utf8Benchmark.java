package dev.bowline.verification.bench;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
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

/** What it costs to see that a text is UTF-8, beside other codecs and the JDK. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class Utf8Benchmark {
    /**
     * A text of so many bytes, or up to three fewer so that no code point is cut.
     *
     * @param script {@code ascii}; {@code latin}, with every eighth letter or so of two bytes; {@code cjk}, of three bytes each; or
     *     {@code emoji}, of four bytes each among words of ASCII
     */
    static byte[] text(String script, int size) {
        String words =
                switch (script) {
                    case "ascii" -> "The knot holds, and it never jams. ";
                    case "latin" -> "Die Brücke trägt über Flüsse, où les élèves prêtent l'oreille. ";
                    case "cjk" -> "连接断开之后消息仍然按顺序到达";
                    case "emoji" -> "ready 🚀 steady 🎉🪢 go 👍🏽 ";
                    default -> throw new IllegalArgumentException("there is no text in " + script);
                };
        byte[] bytes = words.repeat(size / words.length() + 1).getBytes(StandardCharsets.UTF_8);
        int end = size;
        while ((bytes[end] & 0xC0) == 0x80) {
            end--;
        }
        return Arrays.copyOf(bytes, end);
    }

    /** Who looks at what. */
    @State(Scope.Thread)
    public static class Text {
        @Param({"bowline", "netty", "java-websocket", "jdk-decoder", "jdk-string"})
        String codec = "";

        @Param({"ascii", "latin", "cjk", "emoji"})
        String script = "";

        @Param({"100", "16384"})
        int size;

        private Utf8Checker checker = () -> false;

        @Setup(Level.Trial)
        public void make() {
            checker = Utf8Checker.of(codec, text(script, size));
        }

        @TearDown(Level.Trial)
        public void close() {
            checker.close();
        }
    }

    @Benchmark
    public boolean utf8(Text state) {
        return state.checker.check();
    }
}
