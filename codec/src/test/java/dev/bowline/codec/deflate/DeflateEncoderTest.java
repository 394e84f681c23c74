package dev.bowline.codec.deflate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.testkit.Corpus;
import dev.bowline.testkit.Seeded;
import dev.bowline.testkit.Splits;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The compressor against two decoders: zlib's, and a strict one that keeps to the window. */
final class DeflateEncoderTest {
    /** One connection's sending end, with both judges at the other. */
    private static final class Link {
        final MatchFinder finder;
        final DeflateEncoder encoder;
        final StrictInflate strict;
        final Inflater zlib = new Inflater(true);
        final int level;
        final boolean keepContext;
        private byte[] scratch = new byte[1024];

        Link(DeflateEncoder encoder, int windowBits, int level, boolean keepContext) {
            this.encoder = encoder;
            this.finder = new MatchFinder(windowBits);
            this.strict = new StrictInflate(windowBits);
            this.level = level;
            this.keepContext = keepContext;
        }

        /** Compresses a message, has it restored, and returns its compressed form. */
        byte[] send(byte[] message) {
            return send(ByteBuffer.wrap(message), message);
        }

        byte[] send(ByteBuffer payload, byte[] message) {
            if (!keepContext) {
                finder.reset();
                strict.forget();
                zlib.reset();
            }
            ByteBuffer encoded = encoder.encode(finder, level, payload);
            byte[] compressed = new byte[encoded.remaining()];
            encoded.get(compressed);
            assertThat(inflate(compressed, message.length)).isEqualTo(message);
            assertThat(strict.message(compressed)).isEqualTo(message);
            return compressed;
        }

        private byte[] inflate(byte[] compressed, int length) {
            if (scratch.length <= length) {
                scratch = new byte[length + 1];
            }
            try {
                zlib.setInput(compressed);
                int n = zlib.inflate(scratch);
                zlib.setInput(new byte[] {0, 0, -1, -1});
                n += zlib.inflate(scratch, n, scratch.length - n);
                assertThat(zlib.needsInput()).isTrue();
                return Arrays.copyOf(scratch, n);
            } catch (DataFormatException e) {
                throw new AssertionError(e);
            }
        }
    }

    private static final List<byte[]> DEGENERATE = degenerate();

    private static List<byte[]> degenerate() {
        List<byte[]> all = new ArrayList<>();
        all.add(new byte[0]);
        all.add(new byte[] {7});
        all.add(new byte[] {0, 0});
        all.add("abc".getBytes(StandardCharsets.US_ASCII));
        all.add("abcabcabc".getBytes(StandardCharsets.US_ASCII));
        for (int size : new int[] {3, 4, 257, 258, 259, 260, 516, 5000, 70_000}) {
            all.add(new byte[size]);
        }
        byte[] values = new byte[1024];
        for (int i = 0; i < values.length; i++) {
            values[i] = (byte) i;
        }
        all.add(Arrays.copyOf(values, 256));
        all.add(values);
        // Frequencies like Fibonacci's numbers make the deepest tree there is.
        byte[] fibonacci = new byte[30_000];
        for (int symbol = 0, count = 1, next = 1, i = 0; i < fibonacci.length; symbol++) {
            for (int n = 0; n < count && i < fibonacci.length; n++) {
                fibonacci[i++] = (byte) symbol;
            }
            int sum = count + next;
            count = next;
            next = sum;
        }
        Seeded random = Seeded.of(5);
        for (int i = fibonacci.length - 1; i > 0; i--) {
            int j = random.intBetween(0, i);
            byte swapped = fibonacci[i];
            fibonacci[i] = fibonacci[j];
            fibonacci[j] = swapped;
        }
        all.add(fibonacci);
        return all;
    }

    private static byte[] periodic(int period, int size, Seeded random) {
        byte[] unit = random.bytes(period);
        byte[] all = new byte[size];
        for (int i = 0; i < size; i++) {
            all[i] = unit[i % period];
        }
        return all;
    }

    /** Text and noise in turn, with pieces of what came before. */
    private static byte[] patchwork(Seeded random) {
        byte[] all = new byte[random.oneOf(random.intBetween(0, 300), random.intBetween(0, 9000))];
        int at = 0;
        while (at < all.length) {
            int n = Math.min(all.length - at, random.intBetween(1, 400));
            if (at > 0 && random.chance(60)) {
                int from = random.intBetween(0, at - 1);
                for (int i = 0; i < n; i++) {
                    all[at + i] = all[from + i];
                }
            } else {
                byte[] piece = random.nextBoolean()
                        ? random.bytes(n)
                        : Corpus.message(random.oneOf(Corpus.Kind.values()), n, random.nextLong());
                System.arraycopy(piece, 0, all, at, n);
            }
            at += n;
        }
        return all;
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 9, 10, 11, 12, 13, 14, 15})
    @DisplayName("degenerate messages, in all levels, with and without context")
    void degenerateMessages(int windowBits) {
        DeflateEncoder encoder = new DeflateEncoder();
        for (int level = 1; level <= 9; level++) {
            for (boolean keep : new boolean[] {false, true}) {
                Link link = new Link(encoder, windowBits, level, keep);
                DEGENERATE.forEach(link::send);
                DEGENERATE.forEach(link::send);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 9, 12, 15})
    @DisplayName("all periods up to 300")
    void periods(int windowBits) {
        DeflateEncoder encoder = new DeflateEncoder();
        Link fast = new Link(encoder, windowBits, 1, false);
        Link tight = new Link(encoder, windowBits, 6, true);
        for (int period = 1; period <= 300; period++) {
            byte[] message = periodic(period, 1500, Seeded.of(period));
            fast.send(message);
            tight.send(message);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 9, 10, 11, 12, 13, 14, 15})
    @DisplayName("seeded sequences of patchwork messages, in all levels, with and without context")
    void sequences(int windowBits) {
        DeflateEncoder encoder = new DeflateEncoder();
        Seeded.run(40, random -> {
            Link link = new Link(encoder, windowBits, random.intBetween(1, 9), random.nextBoolean());
            for (int i = random.intBetween(1, 8); i > 0; i--) {
                link.send(patchwork(random));
            }
        });
    }

    @Test
    @DisplayName("incompressible messages grow by five bytes for each 65535 and one")
    void incompressible() {
        DeflateEncoder encoder = new DeflateEncoder();
        for (int level = 1; level <= 9; level++) {
            Link link = new Link(encoder, 15, level, false);
            for (int size : new int[] {100, 1024, 16_384, 65_536, 200_000}) {
                byte[] noise = Seeded.of(size).bytes(size);
                // The token buffer ends blocks too, each at 16 Ki literals.
                assertThat(link.send(noise).length).isLessThanOrEqualTo(size + 5 * (size / 16_384 + 1) + 1);
            }
        }
    }

    @Test
    void messagesFarLargerThanTheWindow() {
        DeflateEncoder encoder = new DeflateEncoder();
        for (int windowBits : new int[] {8, 9, 15}) {
            for (int level : new int[] {1, 6}) {
                Link link = new Link(encoder, windowBits, level, true);
                link.send(Corpus.message(Corpus.Kind.LOG, 1_000_000, 1));
                link.send(Corpus.message(Corpus.Kind.RECORDS, 1_000_000, 2));
            }
        }
    }

    @Test
    @DisplayName("all three kinds of blocks occur, and matches reach up to the whole window")
    void everyKindOfBlock() {
        for (int windowBits = 8; windowBits <= 15; windowBits++) {
            Link link = new Link(new DeflateEncoder(), windowBits, 6, false);
            link.send("Hello".getBytes(StandardCharsets.US_ASCII));
            link.send(Seeded.of(1).bytes(2000));
            link.send(Corpus.message(Corpus.Kind.JSON, 10_000, 1));
            if (windowBits <= 13) {
                int window = 1 << windowBits;
                link.send(periodic(window, 2 * window + 100, Seeded.of(2)));
                assertThat(link.strict.farthest).isEqualTo(window);
            }
            assertThat(link.strict.stored).isPositive();
            assertThat(link.strict.fixed).isPositive();
            assertThat(link.strict.dynamic).isPositive();
        }
    }

    @Test
    @DisplayName("in a heap buffer with an offset, a read-only one or a direct one; position and limit are left alone")
    void takesAnyBuffer() {
        Link link = new Link(new DeflateEncoder(), 15, 6, false);
        byte[] message = Corpus.message(Corpus.Kind.HTML, 40_000, 3);
        byte[] expected = link.send(message);
        for (boolean direct : new boolean[] {false, true}) {
            ByteBuffer payload = Splits.whole(message, direct);
            int position = payload.position();
            int limit = payload.limit();
            assertThat(link.send(payload, message)).isEqualTo(expected);
            assertThat(link.send(payload.asReadOnlyBuffer(), message)).isEqualTo(expected);
            assertThat(payload.position()).isEqualTo(position);
            assertThat(payload.limit()).isEqualTo(limit);
        }
    }

    @Test
    @DisplayName("without context a message is compressed to the same bytes whatever came before")
    void forgets() {
        DeflateEncoder encoder = new DeflateEncoder();
        Link used = new Link(encoder, 15, 6, false);
        for (Corpus.Kind kind : Corpus.Kind.values()) {
            byte[] message = Corpus.message(kind, 5000, 1);
            byte[] first = new Link(new DeflateEncoder(), 15, 6, false).send(message);
            assertThat(used.send(message)).isEqualTo(first);
            assertThat(used.send(message)).isEqualTo(first);
        }
    }

    @Test
    @DisplayName("with context the second of two like messages is a reference")
    void remembers() {
        for (int level = 1; level <= 9; level++) {
            Link link = new Link(new DeflateEncoder(), 15, level, true);
            byte[] message = Corpus.message(Corpus.Kind.JSON, 1000, 1);
            int first = link.send(message).length;
            assertThat(link.send(message).length).isLessThan(first / 10);
        }
    }

    @Test
    @DisplayName("positions are numbered anew after a gigabyte")
    void renumbers() {
        byte[] zeros = new byte[1 << 24];
        byte[] text = Corpus.message(Corpus.Kind.PROSE, 3000, 1);
        for (boolean keep : new boolean[] {false, true}) {
            DeflateEncoder encoder = new DeflateEncoder();
            Link link = new Link(encoder, 9, 1, keep);
            ByteBuffer payload = ByteBuffer.wrap(zeros);
            for (int i = 0; i < 130; i++) { // two gigabytes
                if (!keep) {
                    link.finder.reset();
                }
                encoder.encode(link.finder, 1, payload);
            }
            link.strict.forget();
            link.finder.reset();
            link.send(text);
            link.send(text);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "6, 6"})
    @DisplayName("not more than 3 % above zlib over the corpus")
    void size(int level, int zlibLevel) {
        Link link = new Link(new DeflateEncoder(), 15, level, false);
        Deflater zlib = new Deflater(zlibLevel, true);
        byte[] out = new byte[100_000];
        long ours = 0;
        long theirs = 0;
        for (byte[] message : Corpus.all()) {
            ours += link.send(message).length;
            zlib.reset();
            zlib.setInput(message);
            theirs += zlib.deflate(out, 0, out.length, Deflater.SYNC_FLUSH) - 4;
        }
        zlib.end();
        assertThat(ours).isLessThanOrEqualTo(theirs * 103 / 100);
    }

    @Test
    void higherLevelsAreTighter() {
        long[] sizes = new long[10];
        for (int level = 1; level <= 9; level++) {
            Link link = new Link(new DeflateEncoder(), 15, level, false);
            for (byte[] message : Corpus.all()) {
                sizes[level] += link.send(message).length;
            }
        }
        for (int level = 2; level <= 9; level++) {
            assertThat(sizes[level]).as("level %d", level).isLessThan(sizes[level - 1]);
        }
    }

    @Test
    @DisplayName("a message costs no memory once the scratch space has grown")
    void allocatesNothing() {
        com.sun.management.ThreadMXBean memory = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        DeflateEncoder encoder = new DeflateEncoder();
        MatchFinder finder = new MatchFinder(15);
        ByteBuffer[] payloads = {
            ByteBuffer.wrap(Corpus.message(Corpus.Kind.JSON, 1000, 1)),
            ByteBuffer.wrap(Corpus.message(Corpus.Kind.LOG, 16_000, 2)),
            ByteBuffer.wrap(Seeded.of(3).bytes(5000))
        };
        long allocated = Long.MAX_VALUE;
        for (int round = 0; round < 20; round++) {
            long before = memory.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 100; i++) {
                for (ByteBuffer payload : payloads) {
                    finder.reset();
                    encoder.encode(finder, 1 + i % 9, payload);
                }
            }
            allocated = Math.min(allocated, memory.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat(allocated).as("bytes for 300 messages").isLessThan(300);
    }

    @Test
    @DisplayName("the example of RFC 7692 §7.2.3.1, byte by byte")
    void hello() {
        Link link = new Link(new DeflateEncoder(), 15, 6, false);
        assertThat(HexFormat.ofDelimiter(" ").formatHex(link.send("Hello".getBytes(StandardCharsets.US_ASCII))))
                .isEqualTo("f2 48 cd c9 c9 07 00");
    }
}
