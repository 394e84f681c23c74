package dev.bowline.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.testkit.RawFrame;
import dev.bowline.testkit.Seeded;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Large frames are read to where the message is put together; nothing else changes by that. */
final class DirectReceiveTest {
    private static final int LARGE = 300_000;

    /** A source that counts the large buffers that are out, and gives more than the least where that is welcome. */
    private static final class Generous implements BufferSource {
        int out;
        boolean generous;

        @Override
        public ByteBuffer acquire() {
            return ByteBuffer.allocate(256);
        }

        @Override
        public void release(ByteBuffer buffer) {}

        @Override
        public ByteBuffer acquireLarge(int least, int wanted) {
            out++;
            assertThat(wanted).isGreaterThanOrEqualTo(least).isGreaterThanOrEqualTo(LARGE_BYTES);
            return ByteBuffer.allocate(generous ? wanted + 100 : least);
        }

        @Override
        public void releaseLarge(ByteBuffer buffer) {
            out--;
            assertThat(out).isNotNegative();
        }
    }

    private final Endpoint told = new Endpoint(Role.SERVER);
    private final Generous memory = new Generous();
    private final WebSocketProtocol protocol =
            new WebSocketProtocol(Role.SERVER, ProtocolOptions.DEFAULT, null, () -> 0, new OutputQueue(memory), told);

    /** As an event loop reads: at most so many bytes at a time, directly where that is offered. Returns how often it was. */
    private int read(byte[] wire, Seeded random) {
        int direct = 0;
        for (int at = 0; at < wire.length; ) {
            ByteBuffer target = protocol.directTarget();
            int most = Math.min(wire.length - at, random.intBetween(1, 70_000));
            if (target == null) {
                protocol.receive(ByteBuffer.wrap(wire, at, most).slice(), told.now);
                at += most;
            } else {
                direct++;
                int n = Math.min(most, target.remaining());
                target.put(wire, at, n);
                protocol.receivedDirectly(n, told.now);
                at += n;
            }
        }
        return direct;
    }

    private static byte[] letters(Seeded random, int count) {
        byte[] letters = random.bytes(count);
        for (int i = 0; i < count; i++) {
            letters[i] = (byte) ('a' + (letters[i] & 15));
        }
        return letters;
    }

    @Test
    @DisplayName("whatever is read directly, the same is told")
    void same() {
        Seeded.run(60, random -> {
            DirectReceiveTest test = new DirectReceiveTest();
            test.memory.generous = random.nextBoolean();
            List<RawFrame> frames = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                int size = random.intBetween(0, 3) == 0 ? random.intBetween(0, 200) : random.intBetween(30_000, LARGE);
                RawFrame frame = random.nextBoolean()
                        ? RawFrame.binary(random.bytes(size))
                        : RawFrame.text(new String(letters(random, size), java.nio.charset.StandardCharsets.US_ASCII));
                frames.add(frame);
                if (random.nextBoolean()) {
                    frames.add(RawFrame.ping((byte) i));
                }
            }
            byte[] wire = Endpoint.wire(Role.SERVER, frames.toArray(RawFrame[]::new));
            Endpoint plain = new Endpoint(Role.SERVER).receive(wire.clone());
            test.read(wire, random);
            assertThat(test.told.events).isEqualTo(plain.events);
            assertThat(test.memory.out).as("large buffers not given back").isZero();
            assertThat(test.protocol.isOpen()).isTrue();
        });
    }

    @Test
    @DisplayName("a large frame is read directly, a small one is not")
    void isUsed() {
        Seeded.run(5, random -> {
            DirectReceiveTest test = new DirectReceiveTest();
            byte[] large = Endpoint.wire(Role.SERVER, RawFrame.binary(random.bytes(LARGE)));
            assertThat(test.protocol.directTarget()).as("between frames").isNull();
            assertThat(test.read(large, random)).isPositive();
            assertThat(test.read(Endpoint.wire(Role.SERVER, RawFrame.binary(random.bytes(20_000))), random))
                    .isZero();
        });
    }

    @Test
    @DisplayName("§8.1: text that is not UTF-8 is refused before its end")
    void notUtf8() {
        byte[] wire = Endpoint.wire(Role.SERVER, RawFrame.text("a".repeat(LARGE)));
        int mask = wire[100_000 + 14] ^ 'a';
        wire[100_000 + 14] = (byte) (0xFF ^ mask);
        Seeded.run(5, random -> {
            DirectReceiveTest test = new DirectReceiveTest();
            test.read(wire.clone(), random);
            assertThat(test.told.events).isEmpty();
            assertThat(test.protocol.isOpen()).isFalse();
            ProtocolError error = test.protocol.closeEvent().error();
            assertThat(error).isNotNull();
            test.protocol.discard();
            assertThat(test.memory.out).isZero();
        });
    }

    @Test
    @DisplayName("a connection that ends in the middle of a message gives its memory back")
    void discard() {
        byte[] wire = Endpoint.wire(Role.SERVER, RawFrame.binary(new byte[LARGE]));
        protocol.receive(ByteBuffer.wrap(wire, 0, 60_000).slice(), told.now);
        assertThat(memory.out).isOne();
        protocol.receiveEnd();
        protocol.discard();
        assertThat(memory.out).isZero();
    }
}
