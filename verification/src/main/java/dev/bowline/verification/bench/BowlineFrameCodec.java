package dev.bowline.verification.bench;

import dev.bowline.codec.BufferSource;
import dev.bowline.codec.Compression;
import dev.bowline.codec.Extension;
import dev.bowline.codec.ExtensionScope;
import dev.bowline.codec.Opcode;
import dev.bowline.codec.OutputQueue;
import dev.bowline.codec.ProtocolHandler;
import dev.bowline.codec.ProtocolOptions;
import dev.bowline.codec.Role;
import dev.bowline.codec.WebSocketProtocol;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Bowline's, over memory outside the heap that is kept for the next use, as its event loops have it. */
final class BowlineFrameCodec implements FrameCodec, ProtocolHandler {
    private final ByteBuffer read = ByteBuffer.allocateDirect(READ_BYTES);
    private final ByteBuffer[] gathered = new ByteBuffer[16];
    private final OutputQueue output = new OutputQueue(new KeptMemory());
    private final SecureRandom random = new SecureRandom();
    private final ByteBuffer keys = ByteBuffer.allocate(4096).limit(0);
    private final ExtensionScope scope = new ExtensionScope();
    private final @Nullable Extension extension;
    private final WebSocketProtocol protocol;
    private final Compression compression;
    private final Tally tally;

    BowlineFrameCodec(Role role, boolean deflate, Tally tally) {
        this.tally = tally;
        this.extension = deflate ? Coder.Bowline.extension(6, false, scope) : null;
        this.compression = deflate ? Compression.ALWAYS : Compression.NEVER;
        this.protocol = new WebSocketProtocol(role, ProtocolOptions.DEFAULT, extension, this::maskingKey, output, this);
    }

    /** From a strong source, drawn many at a time, as event loops do it. */
    private int maskingKey() {
        if (!keys.hasRemaining()) {
            random.nextBytes(keys.array());
            keys.clear();
        }
        return keys.getInt();
    }

    @Override
    public void receive(byte[] stream) {
        int at = 0;
        while (at < stream.length) {
            ByteBuffer direct = protocol.directTarget();
            ByteBuffer target = direct != null ? direct : read.clear();
            int n = Math.min(Math.min(target.remaining(), READ_BYTES), stream.length - at);
            target.put(stream, at, n);
            at += n;
            if (direct != null) {
                protocol.receivedDirectly(n, 0);
            } else {
                protocol.receive(target.flip(), 0);
            }
        }
    }

    @Override
    public void send(byte[] payload) {
        output.allowLoan(); // as a connection does for what is sent on its own event loop
        protocol.send(Opcode.BINARY, ByteBuffer.wrap(payload), compression);
        int count = output.gather(gathered);
        for (int i = 0; i < count; i++) {
            tally.add(gathered[i]);
            gathered[i].position(gathered[i].limit());
        }
        output.sent(output.size());
        output.settleLoan();
    }

    @Override
    public void onBinary(ByteBuffer data) {
        tally.add(data);
    }

    @Override
    public void onText(ByteBuffer utf8) {
        throw new IllegalStateException("nobody sends text");
    }

    @Override
    public void onPing(ByteBuffer payload) {
        throw new IllegalStateException("nobody sends pings");
    }

    @Override
    public void onPong(ByteBuffer payload) {
        throw new IllegalStateException("nobody sends pongs");
    }

    @Override
    public void close() {
        if (extension != null) {
            extension.close();
        }
        scope.close();
    }

    /** Chunks and large buffers, used again. */
    private static final class KeptMemory implements BufferSource {
        private static final int CHUNK_BYTES = 16 * 1024;

        private final ArrayDeque<ByteBuffer> chunks = new ArrayDeque<>();
        private final ArrayDeque<ByteBuffer> large = new ArrayDeque<>();

        @Override
        public ByteBuffer acquire() {
            ByteBuffer chunk = chunks.pollLast();
            return chunk == null ? ByteBuffer.allocateDirect(CHUNK_BYTES) : chunk.clear();
        }

        @Override
        public void release(ByteBuffer buffer) {
            chunks.addLast(buffer);
        }

        /** All of one size: no message here is larger. */
        @Override
        public ByteBuffer acquireLarge(int least, int wanted) {
            ByteBuffer buffer = large.pollLast();
            return buffer == null ? ByteBuffer.allocateDirect(LARGEST_BYTES) : buffer.clear();
        }

        @Override
        public void releaseLarge(ByteBuffer buffer) {
            large.addLast(buffer);
        }
    }
}
