package dev.bowline.verification.bench;

import dev.bowline.codec.Role;

/**
 * One end of a connection in somebody's codec, without any I/O: bytes as reads bring them, and bytes as they would be
 * written. Each is used as its library's own server or client uses it. Not thread-safe.
 */
interface FrameCodec extends AutoCloseable {
    /** The most bytes that one read brings. */
    int READ_BYTES = 64 * 1024;

    /** The largest message. */
    int LARGEST_BYTES = 1 << 20;

    /**
     * Takes what the peer sent, in reads of {@link #READ_BYTES}; each is copied to where this codec reads to, as a
     * socket would do it. The messages go to the tally.
     */
    void receive(byte[] stream);

    /** Frames a binary message, compressed where this codec does so; the bytes of the frame go to the tally. */
    void send(byte[] payload);

    @Override
    void close();

    /**
     * Makes one.
     *
     * @param name {@code bowline}, {@code netty} or {@code java-websocket}
     * @param deflate whether permessage-deflate was agreed on, without context, at level 6
     */
    static FrameCodec of(String name, Role role, boolean deflate, Tally tally) {
        return switch (name) {
            case "bowline" -> new BowlineFrameCodec(role, deflate, tally);
            case "netty" -> new NettyFrameCodec(role, deflate, tally);
            case "java-websocket" -> new JavaWebSocketFrameCodec(role, deflate, tally);
            default -> throw new IllegalArgumentException("there is no codec " + name);
        };
    }
}
