package dev.bowline.codec;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a negotiated extension does to the payload of data messages of one connection (RFC 6455 §9.2). It owns the
 * reserved bits it names, and sets or reads them on the first frame of a message. Control frames are out of its reach.
 * Touched by the connection's event loop alone.
 */
public interface Extension {
    /** The reserved bits it owns, as in a frame's first byte: of 0x40 (RSV1), 0x20 (RSV2), 0x10 (RSV3). */
    int reservedBits();

    /**
     * Transforms an outgoing message.
     *
     * @param opcode {@link Opcode#TEXT} or {@link Opcode#BINARY}
     * @param payload the message between position and limit; must be left unchanged, position and limit too
     * @param always whether to transform it even where that is not worth it
     * @return the transformed payload, valid until the next call, which is sent with this extension's reserved bits
     *     set; or null to send the message as it is, with the bits clear
     */
    @Nullable
    ByteBuffer encode(int opcode, ByteBuffer payload, boolean always);

    /**
     * Tells which extensions encode alike: those with equal keys make the same of the same message, so that a
     * {@link PreparedMessage} is encoded once for all their connections. Immutable, with few different values; null, the
     * default, where what comes out depends on the messages before it.
     */
    default @Nullable Object sharingKey() {
        return null;
    }

    /**
     * Restores the next piece of an incoming message whose first frame had this extension's bits set.
     *
     * @param in holds the piece, unmasked, from index {@code from} to {@code to}; its position and limit must be left
     *     unchanged
     * @param last whether this is the message's last piece
     * @param message where to append; stop as soon as it refuses
     * @return null, or what is wrong: {@link Violation#MESSAGE_TOO_BIG} when {@code message} refused
     */
    @Nullable
    ProtocolError decode(ByteBuffer in, int from, int to, boolean last, MessageBuffer message);

    /** Gives back what it holds; called once, when the connection is gone. */
    void close();
}
