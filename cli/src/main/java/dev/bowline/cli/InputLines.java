package dev.bowline.cli;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads lines as bytes, so that what is to be sent as binary stays as it is. A line ends in LF or CR LF, or with the input. Used by one
 * thread.
 */
public final class InputLines {
    private final InputStream in;
    private final int maxBytes;
    private long count;

    public InputLines(InputStream in, int maxBytes) {
        this.in = new BufferedInputStream(in);
        this.maxBytes = maxBytes;
    }

    /** The number of the line read last; the first one is 1. */
    public long count() {
        return count;
    }

    /**
     * The next line without its end; null behind the last one.
     *
     * @throws CommandFailure if the line is too long
     */
    public byte @Nullable [] next() throws IOException, CommandFailure {
        int b = in.read();
        if (b < 0) {
            return null;
        }
        count++;
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (; b >= 0 && b != '\n'; b = in.read()) {
            if (line.size() == maxBytes) {
                throw new CommandFailure(
                        "line " + count + " has more than " + maxBytes + " bytes; send less in one message.");
            }
            line.write(b);
        }
        byte[] bytes = line.toByteArray();
        boolean carriageReturn = b == '\n' && bytes.length > 0 && bytes[bytes.length - 1] == '\r';
        return carriageReturn ? Arrays.copyOf(bytes, bytes.length - 1) : bytes;
    }
}
