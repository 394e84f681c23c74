package dev.bowline.verification.bench.servers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.testkit.RawFrame;
import dev.bowline.testkit.RawHandshake;
import dev.bowline.testkit.RawPeer;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * A client that looks at frames, and shares no code with any of the servers. It offers compression as the generator
 * does, without a context in either direction.
 */
final class Client implements AutoCloseable {
    private static final String OFFER = "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover;"
            + " client_no_context_takeover; client_max_window_bits";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int RSV1 = 4;
    private static final int NORMAL = 1000;
    private static final byte[] TAIL = {0, 0, (byte) 0xFF, (byte) 0xFF}; // RFC 7692 §7.2.1

    private static final Content GREETING = new Content("hello".getBytes(StandardCharsets.US_ASCII));

    private final RawPeer peer;
    private boolean compressing;
    private boolean greeted;
    private int masks;

    /**
     * A message as it came.
     *
     * @param wireBytes the payload of its frames, as it was on the wire
     */
    record Message(boolean text, boolean compressed, int wireBytes, Content content) {}

    /** Connects and asks, without waiting for the answer. */
    Client(int port) {
        peer = RawPeer.connect(port).deadline(PATIENCE);
        peer.write(RawHandshake.request("127.0.0.1:" + port, "/", OFFER));
    }

    /** Waits for the answer to the opening handshake; returns the extensions that were agreed on. */
    @Nullable
    String open() {
        String head = peer.readHead();
        assertThat(RawHandshake.status(head)).as(head).isEqualTo(101);
        assertThat(RawHandshake.header(head, "Sec-WebSocket-Accept"))
                .isEqualTo(RawHandshake.acceptFor(RawHandshake.KEY));
        String extensions = RawHandshake.header(head, "Sec-WebSocket-Extensions");
        compressing = extensions != null;
        return extensions;
    }

    /** Sends on a thread of its own, as a server may not read on before this client does. */
    CompletableFuture<Void> send(boolean text, Content content) {
        byte[] payload = content.bytes();
        boolean compressed = compressing && payload.length > 0;
        RawFrame frame = RawFrame.of(text ? RawFrame.TEXT : RawFrame.BINARY, compressed ? deflate(payload) : payload)
                .withRsv(compressed ? RSV1 : 0)
                .withMask(nextMask());
        return CompletableFuture.runAsync(() -> peer.send(frame), task -> new Thread(task, "sender").start());
    }

    /** Sends small binary messages in one packet, as far as TCP allows. */
    void sendInOneGo(List<Content> contents) {
        peer.send(contents.stream()
                .map(content -> RawFrame.binary(content.bytes()).withMask(nextMask()))
                .toArray(RawFrame[]::new));
    }

    private int nextMask() {
        return 0x37FA_213D * ++masks;
    }

    /**
     * Greets the subscribers of a broadcast, and waits for a greeting. Some servers answer the handshake before they
     * count the connection among those that a broadcast reaches; when it hears anything, it is among them. From here on
     * it passes over greetings.
     */
    void subscribe() {
        CompletableFuture<Void> sent = send(false, GREETING);
        assertThat(receive().content()).isEqualTo(GREETING);
        sent.join();
        greeted = true;
    }

    /** Waits for the next message, which may come in several frames, and between pings. */
    Message receive() {
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        RawFrame first = frame();
        assertThat(first.opcode()).as("of %s", first).isIn(RawFrame.TEXT, RawFrame.BINARY);
        RawFrame frame = first;
        payload.writeBytes(frame.payload());
        while (!frame.fin()) {
            frame = frame();
            assertThat(frame.opcode()).as("of %s", frame).isEqualTo(RawFrame.CONTINUATION);
            payload.writeBytes(frame.payload());
        }
        boolean compressed = first.rsv() == RSV1;
        assertThat(first.rsv()).as("of %s", first).isIn(0, compressing ? RSV1 : 0);
        byte[] content = compressed ? inflate(payload.toByteArray()) : payload.toByteArray();
        return new Message(first.opcode() == RawFrame.TEXT, compressed, payload.size(), new Content(content));
    }

    private RawFrame frame() {
        RawFrame frame = peer.readFrame();
        while (frame.opcode() == RawFrame.PING || (greeted && GREETING.equals(new Content(frame.payload())))) {
            if (frame.opcode() == RawFrame.PING) {
                peer.send(RawFrame.pong(frame.payload()).withMask(nextMask()));
            }
            frame = peer.readFrame();
        }
        return frame;
    }

    /** Sends Close, without waiting for the answer. */
    void beginClose() {
        peer.send(RawFrame.close(NORMAL, "").withMask(nextMask()));
    }

    /** Waits for the server's Close and the end of the stream. */
    void endClose() {
        RawFrame frame = frame();
        assertThat(frame.opcode()).as("of %s", frame).isEqualTo(RawFrame.CLOSE);
        assertThat(frame.closeCode()).as("of %s", frame).isEqualTo(NORMAL);
        if (greeted) {
            // Somebody else's greeting may be on its way still, on another thread of the server.
            ByteBuffer rest = ByteBuffer.wrap(peer.readToEnd());
            while (rest.hasRemaining()) {
                assertThat(RawFrame.parse(rest)).isEqualTo(RawFrame.binary(GREETING.bytes()));
            }
        } else {
            peer.expectEof();
        }
    }

    private static byte[] deflate(byte[] content) {
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        try {
            deflater.setInput(content);
            byte[] room = new byte[content.length + 64];
            int count = deflater.deflate(room, 0, room.length, Deflater.SYNC_FLUSH);
            assertThat(count).as("of %d bytes", room.length).isLessThan(room.length);
            byte[] compressed = new byte[count - TAIL.length];
            System.arraycopy(room, 0, compressed, 0, compressed.length);
            return compressed;
        } finally {
            deflater.end();
        }
    }

    private static byte[] inflate(byte[] compressed) {
        Inflater inflater = new Inflater(true);
        try {
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            byte[] room = new byte[64 * 1024];
            for (byte[] input : new byte[][] {compressed, TAIL}) {
                inflater.setInput(input);
                for (int count = inflater.inflate(room); count > 0; count = inflater.inflate(room)) {
                    content.write(room, 0, count);
                }
            }
            return content.toByteArray();
        } catch (DataFormatException e) {
            throw new AssertionError("not compressed as permessage-deflate is, without a context", e);
        } finally {
            inflater.end();
        }
    }

    @Override
    public void close() {
        peer.close();
    }
}
