package dev.bowline.verification.conformance;

import dev.bowline.testkit.RawFrame;
import java.util.ArrayList;
import java.util.List;

/**
 * 12: permessage-deflate (RFC 7692) with different contents. 13: with different parameters. A fuzzing client sends the
 * offers; a fuzzing server demands in its answer what the first offer that goes with the client's own asks of a server.
 */
final class DeflateCases {
    private static final int[] MESSAGE_BYTES = {16, 64, 256, 1024, 4096, 8192, 16_384, 32_768, 65_536, 131_072};
    private static final int FIRST_FRAGMENTED = 5; // 8192
    private static final int SMALL_FRAME = 256;
    private static final int[] LARGER_FRAMES = {1024, 4096, 32_768};

    private static final String BASE = "permessage-deflate; client_no_context_takeover; client_max_window_bits";
    private static final String NO_CONTEXT = BASE + "; server_no_context_takeover";
    private static final List<List<String>> OFFERS = List.of(
            List.of(BASE),
            List.of(NO_CONTEXT),
            List.of(BASE + "; server_max_window_bits=9"),
            List.of(BASE + "; server_max_window_bits=15"),
            List.of(NO_CONTEXT + "; server_max_window_bits=9"),
            List.of(NO_CONTEXT + "; server_max_window_bits=15"),
            List.of(NO_CONTEXT + "; server_max_window_bits=9", NO_CONTEXT, BASE));

    private DeflateCases() {}

    static List<Case> all() {
        List<Case> cases = new ArrayList<>();
        for (Sample sample : Sample.values()) {
            addSizes(cases, "12." + sample.number() + ".", sample, List.of(BASE));
        }
        for (int i = 0; i < OFFERS.size(); i++) {
            addSizes(cases, "13." + (i + 1) + ".", Sample.JSON, OFFERS.get(i));
        }
        return cases;
    }

    private static void addSizes(List<Case> cases, String group, Sample sample, List<String> offers) {
        int number = 1;
        for (int size : MESSAGE_BYTES) {
            cases.add(exchange(group + number++, sample, size, 0, offers));
        }
        for (int i = FIRST_FRAGMENTED; i < MESSAGE_BYTES.length; i++) {
            cases.add(exchange(group + number++, sample, MESSAGE_BYTES[i], SMALL_FRAME, offers));
        }
        for (int frame : LARGER_FRAMES) {
            cases.add(exchange(group + number++, sample, MESSAGE_BYTES[MESSAGE_BYTES.length - 1], frame, offers));
        }
    }

    private static Case exchange(String id, Sample sample, int size, int frameBytes, List<String> offers) {
        int opcode = sample.isText() ? RawFrame.TEXT : RawFrame.BINARY;
        return new Case(id, offers, fuzzer -> fuzzer.exchange(
                        opcode, fuzzer.effort().compressedMessages(), frameBytes, i -> sample.slice(i, size))
                .close());
    }
}
