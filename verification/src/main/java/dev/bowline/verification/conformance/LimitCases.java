package dev.bowline.verification.conformance;

import dev.bowline.testkit.RawFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** 9: large messages, many frames, small writes, many messages. Contents are compared. */
final class LimitCases {
    private static final int KIB = 1024;
    private static final int MIB = 1024 * KIB;
    private static final int[] MESSAGE_BYTES = {64 * KIB, 256 * KIB, MIB, 4 * MIB, 8 * MIB, 16 * MIB};
    private static final int[] FRAME_BYTES = {64, 256, KIB, 4 * KIB, 16 * KIB, 64 * KIB, 256 * KIB, MIB, 4 * MIB};
    private static final int[] WRITE_BYTES = {64, 128, 256, 512, 1024, 2048};
    private static final int[] SMALL_MESSAGE_BYTES = {0, 16, 64, 256, 1024, 4096};

    private LimitCases() {}

    static List<Case> all() {
        List<Case> cases = new ArrayList<>();
        for (int opcode = RawFrame.TEXT; opcode <= RawFrame.BINARY; opcode++) {
            cases.addAll(ofOneKind(opcode));
        }
        return cases;
    }

    private static List<Case> ofOneKind(int opcode) {
        List<Case> cases = new ArrayList<>();
        for (int i = 0; i < MESSAGE_BYTES.length; i++) {
            int size = MESSAGE_BYTES[i];
            cases.add(Case.of(id(0, opcode, i), fuzzer -> {
                RawFrame message = RawFrame.of(opcode, content(opcode, size, size));
                fuzzer.expect(message).send(message).close();
            }));
        }
        for (int i = 0; i < FRAME_BYTES.length; i++) {
            int frame = FRAME_BYTES[i];
            cases.add(Case.of(id(1, opcode, i), fuzzer -> {
                byte[] content = content(opcode, 4 * MIB, frame);
                fuzzer.expect(RawFrame.of(opcode, content))
                        .send(Fragments.of(opcode, content, frame))
                        .close();
            }));
        }
        for (int i = 0; i < WRITE_BYTES.length; i++) {
            int piece = WRITE_BYTES[i];
            cases.add(Case.of(id(2, opcode, i), fuzzer -> {
                RawFrame message = RawFrame.of(opcode, content(opcode, MIB, piece));
                fuzzer.expect(message).sendPieces(piece, message).close();
            }));
        }
        for (int i = 0; i < SMALL_MESSAGE_BYTES.length; i++) {
            int size = SMALL_MESSAGE_BYTES[i];
            cases.add(Case.of(id(3, opcode, i), fuzzer -> fuzzer.exchange(
                            opcode, fuzzer.effort().messages(), 0, n -> content(opcode, size, n))
                    .close()));
        }
        return cases;
    }

    /** Text and binary take turns: 9.1, 9.3, 9.5 and 9.7 are text. */
    private static String id(int group, int opcode, int index) {
        return "9." + (2 * group + opcode) + "." + (index + 1);
    }

    /** Not two alike, so that no echo can be taken for another. */
    private static byte[] content(int opcode, int size, int seed) {
        Random random = new Random(seed);
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        if (opcode == RawFrame.TEXT) {
            for (int i = 0; i < size; i++) {
                bytes[i] = (byte) (' ' + (bytes[i] & 0x3F)); // printable ASCII
            }
        }
        return bytes;
    }
}
