package dev.bowline.verification.conformance;

import dev.bowline.verification.conformance.Setting.Subject;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.zip.Deflater;

/**
 * The fuzzer's end of permessage-deflate (RFC 7692 §7.2). It compresses with the JDK's deflater, whose window is always
 * 32 KiB: a smaller one is kept by flushing so often that nothing reaches back further. It decompresses with
 * {@link Inflate}, which lets nothing reach back further than was agreed.
 */
final class Compression implements AutoCloseable {
    static final int RSV1 = 0b100;

    private static final int TAIL_BYTES = 4; // 00 00 FF FF, which stands behind every message and is not sent

    private final Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    private final int window;
    private final boolean noContext;
    private final boolean peerNoContext;
    private final Inflate inflate;
    private final byte[] buffer = new byte[8192];
    private int reach; // bytes that the next match may reach back

    /** @param agreed the answer of the server */
    Compression(DeflateParameters agreed, Subject subject) {
        boolean client = subject == Subject.SERVER; // this end is the other one
        window = 1 << bits(client ? agreed.clientBits() : agreed.serverBits());
        noContext = client ? agreed.clientNoContext() : agreed.serverNoContext();
        peerNoContext = client ? agreed.serverNoContext() : agreed.clientNoContext();
        inflate = new Inflate(1 << bits(client ? agreed.serverBits() : agreed.clientBits()));
    }

    private static int bits(int agreed) {
        return agreed == 0 ? DeflateParameters.LARGEST_BITS : agreed;
    }

    /** The payload of the message, or of its fragments taken together. */
    byte[] compress(byte[] content) {
        if (noContext) {
            deflater.reset();
            reach = 0;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int from = 0; from < content.length; ) {
            if (reach == window) {
                drain(out, Deflater.FULL_FLUSH);
                reach = 0;
            }
            boolean unbounded = window == 1 << DeflateParameters.LARGEST_BITS;
            int count = unbounded ? content.length : Math.min(window - reach, content.length - from);
            deflater.setInput(content, from, count);
            from += count;
            reach = unbounded ? 0 : reach + count;
            drain(out, Deflater.NO_FLUSH);
        }
        drain(out, Deflater.SYNC_FLUSH);
        byte[] bytes = out.toByteArray();
        // §7.2.3.6: an empty message is one empty stored block, of which the header remains.
        return content.length == 0 ? new byte[1] : Arrays.copyOf(bytes, bytes.length - TAIL_BYTES);
    }

    private void drain(ByteArrayOutputStream out, int flush) {
        int count;
        do {
            count = deflater.deflate(buffer, 0, buffer.length, flush);
            out.write(buffer, 0, count);
        } while (count == buffer.length || (flush == Deflater.NO_FLUSH && !deflater.needsInput()));
    }

    /**
     * The content of a message.
     *
     * @throws IllegalArgumentException if the payload breaks a rule, saying which
     */
    byte[] decompress(byte[] payload) {
        if (peerNoContext) {
            inflate.forget();
        }
        byte[] stream = Arrays.copyOf(payload, payload.length + TAIL_BYTES);
        stream[payload.length + 2] = (byte) 0xFF;
        stream[payload.length + 3] = (byte) 0xFF;
        return inflate.inflate(stream);
    }

    @Override
    public void close() {
        deflater.end();
    }
}
