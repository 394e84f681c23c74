package dev.bowline.codec.deflate;

import dev.bowline.codec.Extension;
import dev.bowline.codec.MessageBuffer;
import dev.bowline.codec.ProtocolError;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** One connection's {@code permessage-deflate}: a few words, and the contexts where they are kept. */
final class DeflateExtension implements Extension {
    private static final int RSV1 = 0x40; // RFC 7692 §6: the bit "Per-Message Compressed"

    /**
     * How to compress; also what prepared messages are shared by, as messages without context depend on nothing else.
     *
     * @param keepContext whether messages refer to those before
     */
    record Sending(int windowBits, boolean keepContext, int level, int thresholdBytes) {}

    record Receiving(int windowBits, boolean keepContext) {}

    private final DeflatePool pool;
    private final Sending sending;
    private final MessageInflater inflater;
    private @Nullable MatchFinder context; // what was sent, where it is kept: from the first message on

    DeflateExtension(DeflatePool pool, Sending sending, Receiving receiving) {
        this.pool = pool;
        this.sending = sending;
        this.inflater = new MessageInflater(pool, receiving);
    }

    @Override
    public int reservedBits() {
        return RSV1;
    }

    @Override
    public @Nullable ByteBuffer encode(int opcode, ByteBuffer payload, boolean always) {
        if (!always && payload.remaining() < sending.thresholdBytes()) {
            return null;
        }
        if (sending.keepContext()) {
            if (context == null) {
                context = new MatchFinder(sending.windowBits());
            }
            // Sent in any case: the peer's window must go on with ours. What does not compress grows by a few bytes.
            return pool.encoder().encode(context, sending.level(), payload);
        }
        ByteBuffer encoded = pool.encoder().encode(pool.freshFinder(sending.windowBits()), sending.level(), payload);
        return always || encoded.remaining() < payload.remaining() ? encoded : null;
    }

    @Override
    public @Nullable Object sharingKey() {
        return sending.keepContext() ? null : sending;
    }

    @Override
    public @Nullable ProtocolError decode(ByteBuffer in, int from, int to, boolean last, MessageBuffer message) {
        return inflater.decode(in, from, to, last, message);
    }

    @Override
    public void close() {
        context = null;
        inflater.close();
    }
}
