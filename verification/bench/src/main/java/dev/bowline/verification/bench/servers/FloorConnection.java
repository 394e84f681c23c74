package dev.bowline.verification.bench.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A connection of the {@linkplain FloorBenchServer floor}, touched by its one thread alone. */
final class FloorConnection {
    private static final Pattern KEY =
            Pattern.compile("\r\nSec-WebSocket-Key: *([^ \r]+) *\r\n", Pattern.CASE_INSENSITIVE);
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int CLOSE = 8;
    private static final int NOT_OPEN = -1;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final FloorBenchServer server;
    private final FloorBuffers buffers;
    private final SocketChannel channel;
    private final SelectionKey selection;

    /** Among those that are open. */
    private int place = NOT_OPEN;

    /** A Close frame came: the stream ends when its echo is sent. */
    private boolean closing;

    /** Payload of the frame under way that has still to come. */
    private long left;

    /** Twice the masking key, turned to the next byte of the payload. */
    private long key;

    /** The bytes of a header that is not complete. */
    private final byte[] part = new byte[FloorBuffers.MAX_HEADER];

    private int partBytes;

    /** What the socket did not take, from its position to its limit. */
    private ByteBuffer unsent = NOTHING;

    FloorConnection(FloorBenchServer server, FloorBuffers buffers, SocketChannel channel, SelectionKey selection) {
        this.server = server;
        this.buffers = buffers;
        this.channel = channel;
        this.selection = selection;
    }

    boolean closing() {
        return closing;
    }

    void moveTo(int newPlace) {
        place = newPlace;
    }

    /** Reads once, and sends on what that brought. */
    void read() throws IOException {
        ByteBuffer input = buffers.input();
        input.clear().limit(partBytes + FloorBuffers.READ_BYTES);
        input.put(part, 0, partBytes);
        if (channel.read(input) < 0) {
            end();
            return;
        }
        partBytes = 0;
        input.flip();
        ByteBuffer output = buffers.output().clear();
        if (place == NOT_OPEN) {
            upgrade();
            return;
        }
        rewrite();
        output.flip();
        if (output.hasRemaining()) {
            server.forward(this);
        }
        endIfDone();
    }

    private void upgrade() throws IOException {
        String head = StandardCharsets.ISO_8859_1.decode(buffers.input()).toString();
        Matcher matcher = KEY.matcher(head);
        if (!matcher.find() || !head.endsWith("\r\n\r\n")) {
            System.err.println("the head of a request did not come in one piece");
            end();
            return;
        }
        String response = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: " + accept(matcher.group(1)) + "\r\n\r\n";
        buffers.output().put(response.getBytes(StandardCharsets.ISO_8859_1)).flip();
        place = server.add(this);
        deliver();
    }

    /** RFC 6455 §4.2.2. */
    private static String accept(String key) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.ISO_8859_1));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }

    /** Writes frames from input to output, without their masks. */
    private void rewrite() {
        ByteBuffer input = buffers.input();
        while (input.hasRemaining()) {
            if (left == 0 && !header(input, buffers.output())) {
                partBytes = input.remaining();
                input.get(part, 0, partBytes);
                return;
            }
            int count = (int) Math.min(left, input.remaining());
            buffers.unmask(count, key);
            key = Long.rotateRight(key, Byte.SIZE * (count & 3));
            left -= count;
        }
    }

    /** Reads the header of a frame, and writes it without the mask. False if it is not complete. */
    private boolean header(ByteBuffer input, ByteBuffer output) {
        int at = input.position();
        if (input.remaining() < 2) {
            return false;
        }
        int length = input.get(at + 1) & 0x7F;
        int lengthBytes = length == 127 ? Long.BYTES : length == 126 ? Short.BYTES : 0;
        if (input.remaining() < 2 + lengthBytes + Integer.BYTES) {
            return false;
        }
        closing |= (input.get(at) & 0xF) == CLOSE;
        output.put(input.get()).put((byte) length);
        input.get();
        left = lengthBytes == 0 ? length : 0;
        for (int i = 0; i < lengthBytes; i++) {
            byte next = input.get();
            output.put(next);
            left = (left << Byte.SIZE) | (next & 0xFF);
        }
        long once = input.getInt() & 0xFFFF_FFFFL;
        key = (once << Integer.SIZE) | once;
        return true;
    }

    /** Sends the output, as much as is taken, and keeps the rest. The output stays as it is. */
    void deliver() throws IOException {
        ByteBuffer output = buffers.output();
        if (!unsent.hasRemaining()) {
            channel.write(output);
            if (output.hasRemaining()) {
                selection.interestOps(SelectionKey.OP_WRITE); // it reads no more until its client does
            }
        }
        if (output.hasRemaining()) {
            keep(output);
        }
        output.position(0);
    }

    private void keep(ByteBuffer bytes) {
        int needed = unsent.remaining() + bytes.remaining();
        ByteBuffer room = unsent.capacity() < needed
                ? ByteBuffer.allocateDirect(Integer.highestOneBit(needed) << 1).put(unsent)
                : unsent.compact();
        unsent = room.put(bytes).flip();
    }

    /** Sends more of what the socket did not take. */
    void goOn() throws IOException {
        channel.write(unsent);
        if (!unsent.hasRemaining()) {
            unsent.clear().limit(0);
            selection.interestOps(SelectionKey.OP_READ);
            endIfDone();
        }
    }

    private void endIfDone() {
        if (closing && left == 0 && !unsent.hasRemaining()) {
            end();
        }
    }

    /** Closes the socket. Does nothing the second time. */
    void end() {
        if (place != NOT_OPEN) {
            server.remove(place);
            place = NOT_OPEN;
        }
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close a socket", e);
        }
    }
}
