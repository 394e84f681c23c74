package dev.bowline.verification.hostile;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.zip.Deflater;

/** A message that is small until it is inflated. */
final class Bomb {
    private static final int BLOCK = 1 << 20;
    private static final int BLOCKS = 1_000;

    private Bomb() {}

    /** Less than 1 MiB of DEFLATE as permessage-deflate sends it, that opens to 1,000 MiB of zeros. */
    static byte[] ofAGigabyte() {
        // Each block but the first is compressed to the same bytes, as zeros stand before it and it ends with a byte.
        Deflater deflater = new Deflater(9, true);
        try {
            byte[] zeros = new byte[BLOCK];
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.writeBytes(compress(deflater, zeros));
            byte[] next = compress(deflater, zeros);
            for (int i = 1; i < BLOCKS; i++) {
                all.writeBytes(next);
            }
            return Arrays.copyOf(all.toByteArray(), all.size() - 4); // RFC 7692 §7.2.1: without 00 00 FF FF
        } finally {
            deflater.end();
        }
    }

    private static byte[] compress(Deflater deflater, byte[] block) {
        deflater.setInput(block);
        byte[] out = new byte[BLOCK];
        return Arrays.copyOf(out, deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH));
    }
}
