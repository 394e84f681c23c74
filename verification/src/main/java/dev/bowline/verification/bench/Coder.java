package dev.bowline.verification.bench;

import dev.bowline.codec.Extension;
import dev.bowline.codec.ExtensionNegotiator.Agreement;
import dev.bowline.codec.ExtensionScope;
import dev.bowline.codec.Opcode;
import dev.bowline.codec.deflate.PermessageDeflate;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.zip.Deflater;

/** Compresses messages one after the other for one connection, with Bowline's compressor or zlib's. */
interface Coder extends AutoCloseable {
    /** The size of the message compressed, in bytes. */
    int compress(byte[] message);

    @Override
    void close();

    /**
     * Makes one.
     *
     * @param name {@code bowline} or {@code zlib}, and behind a minus sign the level
     * @param context whether messages refer to those before
     */
    static Coder of(String name, boolean context) {
        String[] parts = name.split("-", 2);
        int level = Integer.parseInt(parts[1]);
        return parts[0].equals("zlib") ? new Zlib(level, context) : new Bowline(level, context);
    }

    /** Bowline's, as a connection uses it. */
    final class Bowline implements Coder {
        private final ExtensionScope scope = new ExtensionScope();
        private final Extension extension;

        Bowline(int level, boolean context) {
            extension = extension(level, context, scope);
        }

        /** A server's end that keeps contexts in both directions, or in none. */
        static Extension extension(int level, boolean context, ExtensionScope scope) {
            PermessageDeflate options = PermessageDeflate.builder()
                    .level(level)
                    .ownContext(context)
                    .peerContext(context)
                    .build();
            Agreement agreement = Objects.requireNonNull(options.answer(options.offers()));
            return agreement.extension().apply(scope);
        }

        @Override
        public int compress(byte[] message) {
            return Objects.requireNonNull(extension.encode(Opcode.TEXT, ByteBuffer.wrap(message), true))
                    .remaining();
        }

        @Override
        public void close() {
            extension.close();
            scope.close();
        }
    }

    /** The JDK's, as libraries use it for permessage-deflate. */
    final class Zlib implements Coder {
        private static final int TAIL_BYTES = 4;

        private final Deflater deflater;
        private final boolean context;
        private final byte[] out = new byte[100_000];

        Zlib(int level, boolean context) {
            this.deflater = new Deflater(level, true);
            this.context = context;
        }

        @Override
        public int compress(byte[] message) {
            if (!context) {
                deflater.reset();
            }
            deflater.setInput(message);
            return deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH) - TAIL_BYTES;
        }

        @Override
        public void close() {
            deflater.end();
        }
    }
}
