package dev.bowline.verification.conformance;

import dev.bowline.testkit.RawFrame;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts the frames of the side under test together to messages, and holds each one to the rules that always apply
 * (RFC 6455 §5): whatever a case is about, no frame may break them.
 */
final class Assembler {
    private static final int LARGEST_CONTROL = 125;
    private static final int SAME_MASKS = 3;

    private final boolean masked;
    private final @Nullable Compression compression;
    private final List<String> wrong;
    private final List<RawFrame> came = new ArrayList<>();
    private final Map<Integer, Integer> maskingKeys = new HashMap<>();
    private @Nullable RawFrame first; // of the message that has begun
    private final ByteArrayOutputStream message = new ByteArrayOutputStream();
    private @Nullable RawFrame close;

    /**
     * @param masked whether frames must be masked: those of a client
     * @param compression what was agreed on, or null
     * @param wrong takes what breaks a rule
     */
    Assembler(boolean masked, @Nullable Compression compression, List<String> wrong) {
        this.masked = masked;
        this.compression = compression;
        this.wrong = wrong;
    }

    /** The messages, pings and pongs that came, in order, without masks. */
    List<RawFrame> came() {
        return came;
    }

    /** The Close frame; null as long as none came. */
    @Nullable
    RawFrame close() {
        return close;
    }

    void take(RawFrame frame) {
        checkMask(frame);
        if (frame.opcode() >= RawFrame.CLOSE) {
            takeControl(frame);
        } else {
            takeData(frame);
        }
    }

    private void checkMask(RawFrame frame) {
        if (frame.masked() != masked) {
            wrong.add("§5.1: " + frame + " is " + (masked ? "not masked" : "masked"));
        }
        Integer key = frame.maskKey();
        if (key != null && maskingKeys.merge(key, 1, Integer::sum) == SAME_MASKS) {
            wrong.add("§5.3: the masking key " + Integer.toHexString(key) + " came " + SAME_MASKS + " times");
        }
    }

    private void takeControl(RawFrame frame) {
        if (!frame.fin() || frame.rsv() != 0 || frame.payload().length > LARGEST_CONTROL) {
            wrong.add("§5.5: " + frame);
        }
        if (frame.opcode() == RawFrame.CLOSE) {
            close = frame;
            checkClose(frame);
        } else if (frame.opcode() > RawFrame.PONG) {
            wrong.add("§5.2: " + frame + " has a reserved opcode");
        } else {
            came.add(frame.withoutMask());
        }
    }

    private void checkClose(RawFrame frame) {
        byte[] payload = frame.payload();
        if (payload.length == 1) {
            wrong.add("§5.5.1: " + frame + " has half a code");
        }
        if (payload.length > 2 && !Utf8Cases.isUtf8(Arrays.copyOfRange(payload, 2, payload.length))) {
            wrong.add("§5.5.1: the reason of " + frame + " is not UTF-8");
        }
        int code = frame.closeCode();
        boolean sendable =
                (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
        if (payload.length >= 2 && !sendable) {
            wrong.add("§7.4: " + frame + " has a code that is not to be sent");
        }
    }

    private void takeData(RawFrame frame) {
        boolean begins = frame.opcode() != RawFrame.CONTINUATION;
        if (frame.opcode() > RawFrame.BINARY) {
            wrong.add("§5.2: " + frame + " has a reserved opcode");
        }
        if (begins != (first == null)) {
            wrong.add("§5.4: " + frame + (begins ? " comes inside another message" : " continues nothing"));
        }
        boolean compressedAllowed = begins && compression != null;
        if ((frame.rsv() & ~(compressedAllowed ? Compression.RSV1 : 0)) != 0) {
            wrong.add("§5.2: " + frame + " has a reserved bit");
        }
        if (begins) {
            first = frame;
            message.reset();
        }
        message.writeBytes(frame.payload());
        if (frame.fin() && first != null) {
            deliver(first, message.toByteArray());
            first = null;
        }
    }

    private void deliver(RawFrame head, byte[] payload) {
        byte[] content = payload;
        if (compression != null && head.rsv() == Compression.RSV1) {
            try {
                content = compression.decompress(payload);
            } catch (IllegalArgumentException e) {
                wrong.add("RFC 7692 §7.2.2: " + e.getMessage());
            }
        }
        if (head.opcode() == RawFrame.TEXT && !Utf8Cases.isUtf8(content)) {
            wrong.add("§8.1: a text message is not UTF-8");
        }
        came.add(RawFrame.of(head.opcode(), content));
    }
}
