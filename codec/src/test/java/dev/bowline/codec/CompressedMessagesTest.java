package dev.bowline.codec;

import static dev.bowline.codec.Endpoint.hex;
import static dev.bowline.codec.Endpoint.utf8;
import static dev.bowline.codec.Endpoint.wire;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.codec.ExtensionNegotiator.Agreement;
import dev.bowline.codec.deflate.PermessageDeflate;
import dev.bowline.testkit.RawFrame;
import dev.bowline.testkit.Seeded;
import dev.bowline.testkit.Splits;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.zip.Deflater;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages under permessage-deflate, through the protocol object of either role; by the clauses of RFC 7692. */
final class CompressedMessagesTest {
    private static final int RSV1 = 4; // as RawFrame counts them
    private static final PermessageDeflate ALL =
            PermessageDeflate.builder().thresholdBytes(0).build();
    private static final PermessageDeflate KEEPING = PermessageDeflate.builder()
            .thresholdBytes(0)
            .ownContext(true)
            .peerContext(true)
            .build();

    private final ExtensionScope scope = new ExtensionScope();

    private Endpoint endpoint(Role role, PermessageDeflate options) {
        return endpoint(role, options, options, ProtocolOptions.DEFAULT);
    }

    /** One end of a connection that client and server have negotiated with these options. */
    private Endpoint endpoint(Role role, PermessageDeflate own, PermessageDeflate peer, ProtocolOptions limits) {
        PermessageDeflate client = role == Role.CLIENT ? own : peer;
        PermessageDeflate server = role == Role.CLIENT ? peer : own;
        Agreement answer = Objects.requireNonNull(server.answer(client.offers()));
        Agreement agreement = role == Role.SERVER ? answer : Objects.requireNonNull(client.accept(answer.parameters()));
        return new Endpoint(role, limits, agreement.extension().apply(scope));
    }

    private static Role peerOf(Role role) {
        return role == Role.SERVER ? Role.CLIENT : Role.SERVER;
    }

    private static RawFrame text(String payload) {
        return RawFrame.of(RawFrame.TEXT, hex(payload)).withRsv(RSV1);
    }

    private static RawFrame binary(byte... payload) {
        return RawFrame.of(RawFrame.BINARY, payload).withRsv(RSV1);
    }

    private static RawFrame continuation(String payload) {
        return RawFrame.continuation(hex(payload));
    }

    /** Compresses with zlib, without the tail. */
    private static byte[] zlib(byte[] message) {
        Deflater deflater = new Deflater(6, true);
        deflater.setInput(message);
        byte[] out = new byte[message.length + 1000];
        int n = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
        deflater.end();
        return Arrays.copyOf(out, n - 4);
    }

    private static byte[] json(int records) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < records; i++) {
            text.append("{\"id\":")
                    .append(i * 7919)
                    .append(",\"name\":\"item ")
                    .append(i)
                    .append("\"},");
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    @DisplayName("a message as large as is allowed arrives in one frame, though it does not compress")
    void theLargestMessageThatDoesNotCompress(Role role) {
        byte[] message = Seeded.of(7692).bytes(ProtocolOptions.DEFAULT.maxMessageBytes());
        Endpoint sender = endpoint(peerOf(role), KEEPING);
        sender.protocol.send(Opcode.BINARY, ByteBuffer.wrap(message));
        byte[] frame = sender.drain();
        assertThat(frame.length).isGreaterThan(message.length + 14); // more than its header has been added
        Endpoint receiver = endpoint(role, KEEPING).receive(frame);
        assertThat(receiver.events).containsExactly(Endpoint.describe("binary", message));
    }

    @Nested
    @DisplayName("§6: the bit RSV1")
    final class Section6 {
        @ParameterizedTest
        @EnumSource(Role.class)
        @DisplayName("stands on the first frame of a compressed message, and nowhere else")
        void strayBits(Role role) {
            for (RawFrame stray : List.of(
                    RawFrame.ping().withRsv(RSV1),
                    RawFrame.pong().withRsv(RSV1),
                    RawFrame.close(1000, "").withRsv(RSV1),
                    RawFrame.text("x").withRsv(2),
                    RawFrame.text("x").withRsv(1),
                    RawFrame.text("x").withRsv(7))) {
                assertThat(endpoint(role, ALL).receive(stray).violation()).isEqualTo(Violation.RESERVED_BITS);
            }
            assertThat(endpoint(role, ALL)
                            .receive(
                                    text("f2 48 cd").withFin(false),
                                    continuation("c9 c9 07 00").withRsv(RSV1))
                            .violation())
                    .isEqualTo(Violation.RESERVED_BITS);
            assertThat(new Endpoint(role).receive(text("f2 48 cd c9 c9 07 00")).violation())
                    .isEqualTo(Violation.RESERVED_BITS);
        }

        @ParameterizedTest
        @EnumSource(Role.class)
        @DisplayName("messages without it are taken as they are, in fragments too, with control frames between")
        void uncompressed(Role role) {
            Endpoint endpoint = endpoint(role, KEEPING)
                    .receive(
                            RawFrame.text("plain"),
                            text("f2 48 cd").withFin(false),
                            RawFrame.ping((byte) 1),
                            continuation("c9 c9 07 00"),
                            RawFrame.text("in ").withFin(false),
                            RawFrame.continuation((byte) '2'));
            assertThat(endpoint.events).containsExactly("text plain", "ping 01", "text Hello", "text in 2");
        }
    }

    @Nested
    @DisplayName("§7.2.3: the examples")
    final class Section723 {
        private void means(String expected, RawFrame... frames) {
            for (Role role : Role.values()) {
                Splits.SplitConsumer check = parts -> {
                    Endpoint endpoint = endpoint(role, KEEPING).receive(parts);
                    assertThat(endpoint.error()).isNull();
                    assertThat(endpoint.events).containsExactly(expected.split("\\|"));
                };
                byte[] bytes = wire(role, frames);
                Splits.everyBoundary(bytes, check);
                Splits.oneByteAtATime(bytes, check);
            }
        }

        @Test
        @DisplayName("§7.2.3.1: one block, whole and in two fragments")
        void oneBlock() {
            means("text Hello", text("f2 48 cd c9 c9 07 00"));
            means("text Hello", text("f2 48 cd").withFin(false), continuation("c9 c9 07 00"));
        }

        @Test
        @DisplayName("§7.2.3.1: and this is what is sent")
        void sendsOneBlock() {
            Endpoint server = endpoint(Role.SERVER, ALL);
            server.protocol.send(Opcode.TEXT, utf8("Hello"), Compression.ALWAYS);
            assertThat(HexFormat.of().formatHex(server.drain())).isEqualTo("c107f248cdc9c90700");
            Endpoint client = endpoint(Role.CLIENT, ALL);
            client.protocol.send(Opcode.TEXT, utf8("Hello"), Compression.ALWAYS);
            assertThat(client.sentUnmasked()).containsExactly(text("f2 48 cd c9 c9 07 00"));
        }

        @Test
        @DisplayName("§7.2.3.2: a second message that refers to the first")
        void sharesTheWindow() {
            means("text Hello|text Hello", text("f2 48 cd c9 c9 07 00"), text("f2 00 11 00 00"));
            for (Role role : Role.values()) {
                // Without context there is nothing to refer to.
                Endpoint endpoint = endpoint(role, ALL).receive(text("f2 48 cd c9 c9 07 00"), text("f2 00 11 00 00"));
                assertThat(endpoint.violation()).isEqualTo(Violation.EXTENSION_DATA_INVALID);
                // What is sent is not longer than the example.
                Endpoint sender = endpoint(role, KEEPING);
                sender.protocol.send(Opcode.TEXT, utf8("Hello"));
                sender.protocol.send(Opcode.TEXT, utf8("Hello"));
                assertThat(sender.sentUnmasked().get(1).payload()).hasSizeLessThanOrEqualTo(5);
            }
        }

        @Test
        @DisplayName("§7.2.3.3: a block without compression")
        void stored() {
            means("text Hello", text("00 05 00 fa ff 48 65 6c 6c 6f 00"));
        }

        @Test
        @DisplayName("§7.2.3.4: a block with BFINAL set, and further ones behind it")
        void finalBlock() {
            means("text Hello", text("f3 48 cd c9 c9 07 00 00"));
            means("text HelloHello", text("f3 48 cd c9 c9 07 00 f3 48 cd c9 c9 07 00 00"));
            means("text Hello|text Hello", text("f3 48 cd c9 c9 07 00 00"), text("f2 00 11 00 00"));
            // Whoever leaves out the byte behind the final block has said everything all the same.
            means("text Hello", text("f3 48 cd c9 c9 07 00"));
        }

        @Test
        @DisplayName("§7.2.3.5: two blocks in one message")
        void twoBlocks() {
            means("text Hello", text("f2 48 05 00 00 00 ff ff ca c9 c9 07 00"));
        }

        @Test
        @DisplayName("§7.2.3.6: an empty fragment, an empty message")
        void emptyMessage() {
            means("text", text("00"));
            means("text", text("02 00"));
            means("text", text(""));
            means("text Hello", text("f2 48 cd c9 c9 07 00").withFin(false), continuation(""));
            means("text Hello", text("").withFin(false), continuation("f2 48 cd c9 c9 07 00"));
            Endpoint sender = endpoint(Role.SERVER, ALL);
            sender.protocol.send(Opcode.TEXT, utf8(""), Compression.ALWAYS);
            assertThat(sender.sent()).containsExactly(text("00"));
        }
    }

    @Nested
    @DisplayName("§7.2.1: what is compressed")
    final class Section721 {
        @ParameterizedTest
        @EnumSource(Role.class)
        @DisplayName("messages from the threshold on, where it makes them shorter; others only when told to")
        void threshold(Role role) {
            Endpoint endpoint = endpoint(
                    role, PermessageDeflate.builder().thresholdBytes(100).build());
            byte[] compressible = new byte[100];
            endpoint.protocol.send(Opcode.BINARY, ByteBuffer.wrap(compressible, 0, 99));
            endpoint.protocol.send(Opcode.BINARY, ByteBuffer.wrap(compressible));
            endpoint.protocol.send(Opcode.BINARY, ByteBuffer.wrap(compressible), Compression.NEVER);
            endpoint.protocol.send(Opcode.BINARY, ByteBuffer.wrap(compressible, 0, 9), Compression.ALWAYS);
            endpoint.protocol.send(Opcode.BINARY, ByteBuffer.wrap(Seeded.of(1).bytes(500)));
            endpoint.protocol.send(Opcode.BINARY, ByteBuffer.wrap(Seeded.of(1).bytes(500)), Compression.ALWAYS);
            assertThat(endpoint.sent().stream().map(RawFrame::rsv)).containsExactly(0, RSV1, 0, RSV1, 0, RSV1);
        }

        @Test
        @DisplayName("with context an incompressible message is sent compressed too: the windows stay alike")
        void keepsWindowsAlike() {
            Endpoint sender = endpoint(Role.SERVER, KEEPING);
            Endpoint receiver = endpoint(Role.CLIENT, KEEPING);
            byte[] noise = Seeded.of(1).bytes(500);
            for (int i = 0; i < 2; i++) {
                sender.protocol.send(Opcode.BINARY, ByteBuffer.wrap(noise));
                sender.protocol.send(Opcode.BINARY, ByteBuffer.wrap(noise), Compression.NEVER);
            }
            List<RawFrame> sent = sender.sent();
            assertThat(sent.stream().map(RawFrame::rsv)).containsExactly(RSV1, 0, RSV1, 0);
            assertThat(sent.get(2).payload()).hasSizeLessThan(30);
            receiver.receive(sent.toArray(RawFrame[]::new));
            assertThat(receiver.events).hasSize(4).containsOnly(Endpoint.describe("binary", noise));
        }
    }

    @Nested
    @DisplayName("§7.2.2: what can't be restored")
    final class Section722 {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "ff ff ff", // BTYPE 3
                    "00 05 00 00 00 48 65 6c 6c 6f 00", // LEN and NLEN do not match
                    "f2 00 11 00 00", // a distance before the first byte
                    "f2 48 cd c9 c9 07 00 00 00 ff ff", // the tail not left out
                    "f2 48 cd c9", // cut inside a block
                    "00 04 00 fb ff", // a stored block that would take the tail for its content
                    "f3 48 cd c9 c9 07 00 ff ff", // garbage behind a final block
                    "05 c0 81 00 00 00 00 00 10 ff" // a dynamic header that says nonsense
                })
        @DisplayName("is refused with 1007")
        void invalid(String payload) {
            for (Role role : Role.values()) {
                for (PermessageDeflate options : List.of(ALL, KEEPING)) {
                    byte[] bytes = wire(role, text(payload).withFin(true));
                    Splits.everyBoundary(bytes, parts -> {
                        Endpoint endpoint = endpoint(role, options).receive(parts);
                        assertThat(endpoint.violation()).isEqualTo(Violation.EXTENSION_DATA_INVALID);
                        assertThat(endpoint.events).isEmpty();
                        assertThat(endpoint.sent().get(0).closeCode()).isEqualTo(1007);
                    });
                }
            }
        }

        @Test
        @DisplayName("text is validated as it is inflated")
        void invalidText() {
            Endpoint endpoint = endpoint(Role.SERVER, ALL)
                    .receive(RawFrame.of(RawFrame.TEXT, zlib(new byte[] {'a', (byte) 0xC0}))
                            .withRsv(RSV1)
                            .withFin(false));
            assertThat(endpoint.violation()).isEqualTo(Violation.TEXT_NOT_UTF8);
        }

        @Test
        @DisplayName("an endless row of final blocks is refused, not suffered")
        void manyStreams() {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            for (int i = 0; i < 500_000; i++) {
                bytes.writeBytes(new byte[] {3, 0});
            }
            Endpoint endpoint = endpoint(Role.SERVER, KEEPING).receive(binary(bytes.toByteArray()));
            assertThat(endpoint.violation()).isEqualTo(Violation.EXTENSION_DATA_INVALID);
        }
    }

    @Nested
    @DisplayName("§8 and RFC 6455 §10.4: limits")
    final class Limits {
        @ParameterizedTest
        @EnumSource(Role.class)
        @DisplayName("the limit holds for the inflated size, to the byte")
        void limit(Role role) {
            ProtocolOptions limits = new ProtocolOptions(50_000, 1 << 20, Duration.ofSeconds(5));
            Endpoint fits = endpoint(role, ALL, ALL, limits).receive(binary(zlib(new byte[50_000])));
            assertThat(fits.events).hasSize(1);
            Endpoint over = endpoint(role, ALL, ALL, limits).receive(binary(zlib(new byte[50_001])));
            assertThat(over.violation()).isEqualTo(Violation.MESSAGE_TOO_BIG);
            assertThat(over.sent().get(0).closeCode()).isEqualTo(1009);
        }

        @Test
        @DisplayName(
                "a megabyte that would open to a gigabyte is cut at the limit, after a moment and in little memory")
        void bomb() {
            byte[] zeros = new byte[1 << 20];
            byte[] block = zlib(zeros);
            // Each compressed megabyte goes on where the one before ended, with the tail in between (§7.2.3.5).
            ByteArrayOutputStream bomb = new ByteArrayOutputStream();
            while (bomb.size() < 1_000_000) {
                bomb.writeBytes(block);
                bomb.writeBytes(new byte[] {0, 0, (byte) 0xFF, (byte) 0xFF});
            }
            assertThat((long) bomb.size() / (block.length + 4) * zeros.length).isGreaterThan(900L << 20);
            com.sun.management.ThreadMXBean memory =
                    (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
            byte[] wire = wire(Role.SERVER, binary(bomb.toByteArray()));
            Endpoint endpoint = endpoint(Role.SERVER, ALL);
            ByteBuffer in = ByteBuffer.wrap(wire);
            long before = memory.getCurrentThreadAllocatedBytes();
            endpoint.protocol.receive(in, endpoint.now);
            assertThat(memory.getCurrentThreadAllocatedBytes() - before).isLessThan(4 << 20);
            assertThat(endpoint.violation()).isEqualTo(Violation.MESSAGE_TOO_BIG);
            assertThat(endpoint.events).isEmpty();
        }
    }

    @Nested
    @DisplayName("prepared messages")
    final class Prepared {
        @Test
        @DisplayName("are compressed once for all connections that share parameters")
        void once() {
            PreparedMessage prepared = PreparedMessage.binary(ByteBuffer.wrap(json(20_000)));
            Endpoint first = endpoint(Role.SERVER, ALL);
            Endpoint second = endpoint(Role.SERVER, ALL);
            first.protocol.send(prepared);
            second.protocol.send(prepared);
            ByteBuffer[] one = new ByteBuffer[1];
            ByteBuffer[] two = new ByteBuffer[1];
            first.output.gather(one);
            second.output.gather(two);
            assertThat(one[0].isDirect()).as("by reference").isTrue();
            one[0].put(10, (byte) ~one[0].get(10));
            assertThat(two[0].get(10)).as("the same bytes").isEqualTo(one[0].get(10));
            one[0].put(10, (byte) ~one[0].get(10));
            assertThat(first.sent()).isEqualTo(second.sent());
        }

        @ParameterizedTest
        @EnumSource(Role.class)
        @DisplayName("arrive, whatever was negotiated")
        void arrive(Role role) {
            byte[] content = json(100);
            PreparedMessage large = PreparedMessage.binary(ByteBuffer.wrap(content));
            PreparedMessage small = PreparedMessage.text("small");
            for (int bits = 8; bits <= 15; bits++) {
                for (boolean keep : new boolean[] {false, true}) {
                    PermessageDeflate options = PermessageDeflate.builder()
                            .ownContext(keep)
                            .peerContext(keep)
                            .ownWindowBits(bits)
                            .peerWindowBits(bits)
                            .build();
                    Endpoint sender = endpoint(role, options);
                    Endpoint receiver = endpoint(peerOf(role), options);
                    for (int i = 0; i < 2; i++) {
                        assertThat(sender.protocol.send(large)).isTrue();
                        assertThat(sender.protocol.send(small)).isTrue();
                    }
                    receiver.receive(sender.drain());
                    String expected = Endpoint.describe("binary", content);
                    assertThat(receiver.events).containsExactly(expected, "text small", expected, "text small");
                }
            }
        }

        @Test
        @DisplayName("are compressed as they say themselves, with context and without")
        void asTheySay() {
            byte[] content = json(100);
            for (PermessageDeflate options : List.of(PermessageDeflate.DEFAULT, KEEPING)) {
                Endpoint server = endpoint(Role.SERVER, options);
                server.protocol.send(PreparedMessage.text("short", Compression.ALWAYS));
                server.protocol.send(PreparedMessage.binary(ByteBuffer.wrap(content), Compression.NEVER));
                server.protocol.send(PreparedMessage.binary(ByteBuffer.wrap(content)));
                List<RawFrame> sent = server.sent();
                assertThat(sent).extracting(RawFrame::rsv).containsExactly(RSV1, 0, RSV1);
                assertThat(sent.get(1).payload()).isEqualTo(content);
            }
        }

        @Test
        @DisplayName("from many threads at once")
        void fromManyThreads() throws Exception {
            byte[] content = json(1000);
            PreparedMessage prepared = PreparedMessage.binary(ByteBuffer.wrap(content));
            List<byte[]> sent = java.util.Collections.synchronizedList(new ArrayList<>());
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Thread thread = new Thread(() -> {
                    Agreement agreement = Objects.requireNonNull(ALL.answer(ALL.offers()));
                    Endpoint server = new Endpoint(
                            Role.SERVER,
                            ProtocolOptions.DEFAULT,
                            agreement.extension().apply(new ExtensionScope()));
                    server.protocol.send(prepared);
                    sent.add(server.drain());
                });
                threads.add(thread);
                thread.start();
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(sent).hasSize(4);
            for (byte[] bytes : sent) {
                assertThat(bytes).isEqualTo(sent.get(0)).hasSizeLessThan(content.length / 2);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    @DisplayName("what is sent arrives, with any parameters, in any fragments and cuts")
    void roundTrips(Role sending) {
        Seeded.run(300, random -> {
            PermessageDeflate own = randomOptions(random);
            PermessageDeflate peer = randomOptions(random);
            Endpoint sender = endpoint(sending, own, peer, ProtocolOptions.DEFAULT);
            List<String> expected = new ArrayList<>();
            List<RawFrame> frames = new ArrayList<>();
            byte[] last = {};
            for (int i = random.intBetween(1, 6); i > 0; i--) {
                boolean text = random.nextBoolean();
                byte[] payload =
                        switch (random.intBetween(0, 4)) {
                            case 0 -> random.text(random.intBetween(0, 3000)).getBytes(StandardCharsets.UTF_8);
                            case 1 -> text ? json(3) : random.bytes(random.intBetween(0, 3000));
                            case 2 -> text ? json(5) : last;
                            default -> json(random.intBetween(0, 300));
                        };
                last = payload;
                sender.protocol.send(
                        text ? Opcode.TEXT : Opcode.BINARY,
                        ByteBuffer.wrap(payload),
                        random.oneOf(Compression.values()));
                expected.add(Endpoint.describe(text ? "text" : "binary", payload));
                sender.sentUnmasked().forEach(frame -> frames.addAll(fragments(frame, random)));
            }
            byte[] bytes = wire(peerOf(sending), frames.toArray(RawFrame[]::new));
            Splits.random(bytes, random, parts -> {
                Endpoint receiver = endpoint(peerOf(sending), peer, own, ProtocolOptions.DEFAULT)
                        .receive(parts);
                assertThat(receiver.error()).isNull();
                assertThat(receiver.events).isEqualTo(expected);
            });
        });
    }

    private static PermessageDeflate randomOptions(Seeded random) {
        return PermessageDeflate.builder()
                .level(random.intBetween(1, 9))
                .thresholdBytes(random.oneOf(0, 0, 1000))
                .ownContext(random.nextBoolean())
                .peerContext(random.nextBoolean())
                .ownWindowBits(random.intBetween(8, 15))
                .peerWindowBits(random.intBetween(8, 15))
                .build();
    }

    private static List<RawFrame> fragments(RawFrame frame, Seeded random) {
        byte[] payload = frame.payload();
        int[] cuts = new int[random.intBetween(0, 3)];
        Arrays.setAll(cuts, i -> random.intBetween(0, payload.length));
        Arrays.sort(cuts);
        List<RawFrame> all = new ArrayList<>();
        int from = 0;
        for (int i = 0; i <= cuts.length; i++) {
            int to = i < cuts.length ? cuts[i] : payload.length;
            byte[] piece = Arrays.copyOfRange(payload, from, to);
            RawFrame fragment =
                    i == 0 ? RawFrame.of(frame.opcode(), piece).withRsv(frame.rsv()) : RawFrame.continuation(piece);
            all.add(fragment.withFin(i == cuts.length));
            from = to;
        }
        return all;
    }
}
