package dev.bowline.verification.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.testkit.RawFrame;
import dev.bowline.testkit.RawPeer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What can be sent over an open WebSocket. */
class HostileMessagesTest extends HostileSuite {
    private static final Duration MESSAGE_TIMEOUT = Duration.ofSeconds(4);
    private static final int MAX_FRAGMENTS = 131_072; // the default

    HostileMessagesTest() {
        super(limits(connectionLimits().messageTimeout(MESSAGE_TIMEOUT)).build());
    }

    private static RawFrame part(RawFrame frame) {
        return frame.withFin(false);
    }

    @Test
    void whatIsTooLarge() {
        byte[] large = RawFrame.concat(
                part(RawFrame.binary(new byte[MESSAGE_BYTES / 2])).withMask(MASK),
                part(RawFrame.continuation(new byte[MESSAGE_BYTES / 2])).withMask(MASK),
                RawFrame.continuation((byte) 1).withMask(MASK));
        for (RawPeer peer : peers(10, i -> open())) {
            peer.tryWrite(large);
            assertThat(readClose(peer).closeCode()).isEqualTo(1009);
        }
        byte[] announced = RawFrame.binary()
                .withMask(MASK)
                .withDeclaredLength(MESSAGE_BYTES + 1)
                .withLengthForm(RawFrame.LengthForm.BITS_64)
                .bytes();
        List<RawPeer> announcing = peers(200, i -> open());
        announcing.forEach(peer -> peer.write(announced));
        announcing.forEach(peer -> assertThat(readClose(peer).closeCode()).isEqualTo(1009));
        awaitOnlyTheProbe();
    }

    @Test
    void halfAFrameThenSilenceOrATrickle() throws InterruptedException {
        List<RawPeer> silent = peers(200, i -> open());
        List<RawPeer> trickling = peers(200, i -> open());
        byte[] half = RawFrame.binary(new byte[100])
                .withMask(MASK)
                .withDeclaredLength(MESSAGE_BYTES)
                .withLengthForm(RawFrame.LengthForm.BITS_64)
                .bytes();
        silent.forEach(peer -> peer.write(half));
        trickling.forEach(peer -> peer.write(half));
        // Were room made for what is only announced, this would be 400 MiB.
        assertThat(Resources.now().heapBytes()).isLessThan(before().heapBytes() + 100 * (long) (1 << 20));
        byte[] next = {1}; // is life to a heartbeat
        long start = System.nanoTime();
        while (server.connections().size() > 1 && System.nanoTime() - start < PATIENCE.toNanos()) {
            trickling.forEach(peer -> peer.tryWrite(next));
            Thread.sleep(50); // the pace of the attack
        }
        awaitOnlyTheProbe();
        for (RawPeer peer : silent) {
            assertThat(RawFrame.parse(ByteBuffer.wrap(peer.readToEnd())))
                    .as("the ping before the end")
                    .extracting(frame -> Objects.requireNonNull(frame).opcode())
                    .isEqualTo(RawFrame.PING);
        }
        for (RawPeer peer : trickling) {
            RawFrame close = readClose(peer);
            assertThat(close.closeCode()).isEqualTo(1008);
            assertThat(close.closeReason()).startsWith("message not finished in time: ");
        }
    }

    @Test
    void fragmentsWithoutEnd() {
        RawPeer large = openOne();
        large.send(part(RawFrame.binary((byte) 1)).withMask(MASK));
        byte[] batch = many(1 << 10, part(RawFrame.continuation(new byte[16])));
        for (int sent = 0; sent < MESSAGE_BYTES; sent += 1 << 14) {
            large.tryWrite(batch);
        }
        assertThat(readClose(large).closeCode()).isEqualTo(1009);
        refusedForTheirNumber(part(RawFrame.continuation((byte) 1)));
        refusedForTheirNumber(part(RawFrame.continuation()));
        awaitOnlyTheProbe();
    }

    private void refusedForTheirNumber(RawFrame fragment) {
        RawPeer peer = openOne();
        peer.send(part(RawFrame.text("")).withMask(MASK));
        byte[] batch = many(1 << 13, fragment);
        for (int sent = 0; sent < MAX_FRAGMENTS; sent += 1 << 13) {
            peer.tryWrite(batch);
        }
        RawFrame close = readClose(peer);
        assertThat(close.closeCode()).isEqualTo(1008);
        assertThat(close.closeReason()).isEqualTo("message in too many frames: 131073 frames, allowed 131072");
    }

    @Test
    void asManyFragmentsAsAllowedAreAMessage() {
        RawPeer peer = openOne();
        peer.send(part(RawFrame.text("")).withMask(MASK));
        peer.write(many(MAX_FRAGMENTS - 2, part(RawFrame.continuation())));
        peer.send(RawFrame.continuation((byte) '!').withMask(MASK));
        readUntil(peer, RawFrame.text("!"));
    }

    @Test
    void floodsOfPings() {
        RawPeer peer = openOne();
        byte[] batch = many(1_000, RawFrame.ping((byte) 7));
        for (int i = 0; i < 100; i++) {
            peer.write(batch);
            for (int answer = 0; answer < 10; answer++) { // those that come are read, or they would not be sent
                assertThat(peer.readFrame().opcode()).isIn(RawFrame.PONG, RawFrame.PING);
            }
        }
        assertServed();
    }

    @Test
    void compressionBombs() {
        byte[] bomb = Bomb.ofAGigabyte();
        assertThat(bomb.length).isLessThan(MESSAGE_BYTES);
        byte[] whole = RawFrame.binary(bomb).withRsv(4).withMask(MASK).bytes();
        byte[][] pieces = new byte[8][];
        for (int i = 0, from = 0; i < 8; from += bomb.length / 7, i++) {
            byte[] piece = Arrays.copyOfRange(bomb, from, Math.min(bomb.length, from + bomb.length / 7));
            RawFrame frame = i == 0 ? RawFrame.binary(piece).withRsv(4) : RawFrame.continuation(piece);
            pieces[i] = frame.withFin(i == 7).withMask(MASK).bytes();
        }
        long allocated = Resources.allocatedByServer();
        for (int i = 0; i < 10; i++) {
            RawPeer peer = openOne("Sec-WebSocket-Extensions: permessage-deflate");
            if (i % 2 == 0) {
                peer.tryWrite(whole);
            } else {
                for (byte[] piece : pieces) {
                    peer.tryWrite(piece);
                }
            }
            RawFrame close = readClose(peer);
            assertThat(close.closeCode()).isEqualTo(1009);
            assertThat(close.closeReason()).isEqualTo("message too big: inflated to more than 1048576 bytes");
        }
        awaitOnlyTheProbe();
        // Twice the limit for a buffer that grows to it, and as much again for all else; the probe goes on meanwhile.
        assertThat(Resources.allocatedByServer() - allocated).isLessThan(10L * 4 * MESSAGE_BYTES);
    }
}
