package dev.bowline.verification.conformance;

import dev.bowline.testkit.RawFrame;
import java.util.Arrays;

/** A message as several frames. */
final class Fragments {
    private Fragments() {}

    /** Frames of so many bytes, the last one of what is left: for an empty message one empty frame. */
    static RawFrame[] of(int opcode, byte[] payload, int frameBytes) {
        int count = Math.max(1, (payload.length + frameBytes - 1) / frameBytes);
        RawFrame[] frames = new RawFrame[count];
        for (int i = 0; i < count; i++) {
            int from = i * frameBytes;
            frames[i] = frame(
                    opcode, i, count, Arrays.copyOfRange(payload, from, Math.min(payload.length, from + frameBytes)));
        }
        return frames;
    }

    /** Text in the given fragments. */
    static RawFrame[] text(byte[]... parts) {
        RawFrame[] frames = new RawFrame[parts.length];
        for (int i = 0; i < parts.length; i++) {
            frames[i] = frame(RawFrame.TEXT, i, parts.length, parts[i]);
        }
        return frames;
    }

    private static RawFrame frame(int opcode, int index, int count, byte[] part) {
        return RawFrame.of(index == 0 ? opcode : RawFrame.CONTINUATION, part).withFin(index == count - 1);
    }
}
