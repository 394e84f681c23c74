package dev.bowline.verification.conformance;

import static dev.bowline.testkit.RawFrame.close;
import static dev.bowline.testkit.RawFrame.continuation;
import static dev.bowline.testkit.RawFrame.ping;
import static dev.bowline.testkit.RawFrame.text;

import dev.bowline.testkit.RawFrame;
import java.util.ArrayList;
import java.util.List;

/** 7: the closing handshake (RFC 6455 §5.5.1, §7). */
final class CloseCases {
    private static final int[] PERMITTED = {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999
    };
    private static final int[] FORBIDDEN = {0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999};
    private static final int[] UNDEFINED = {5000, 65_535};
    private static final RawFrame NORMAL = close(1000, "");
    private static final RawFrame HELLO = text("Hello World!");

    private CloseCases() {}

    static List<Case> all() {
        List<Case> cases = new ArrayList<>();
        cases.addAll(whatFollowsOrPrecedes());
        cases.addAll(payloads());
        for (int i = 0; i < PERMITTED.length; i++) {
            int code = PERMITTED[i];
            cases.add(Case.of(
                    "7.7." + (i + 1), fuzzer -> fuzzer.send(close(code, "")).closed(1000, code)));
        }
        for (int i = 0; i < FORBIDDEN.length; i++) {
            int code = FORBIDDEN[i];
            cases.add(Case.of(
                    "7.9." + (i + 1), fuzzer -> fuzzer.send(close(code, "")).closedBadly(1002)));
        }
        for (int i = 0; i < UNDEFINED.length; i++) {
            int code = UNDEFINED[i];
            cases.add(Case.of(
                    "7.13." + (i + 1),
                    fuzzer -> fuzzer.anything().send(close(code, "")).closedBadly(1000, code, 1002)));
        }
        return cases;
    }

    private static List<Case> whatFollowsOrPrecedes() {
        RawFrame ping = ping();
        RawFrame large = text("*".repeat(256 * 1024));
        return List.of(
                Case.of("7.1.1", fuzzer -> fuzzer.expect(HELLO).send(HELLO).close()),
                Case.of("7.1.2", fuzzer -> fuzzer.send(NORMAL, close()).closed(1000)),
                Case.of("7.1.3", fuzzer -> fuzzer.send(NORMAL, ping).closed(1000)),
                Case.of("7.1.4", fuzzer -> fuzzer.send(NORMAL, HELLO).closed(1000)),
                Case.of("7.1.5", fuzzer -> fuzzer.send(HELLO.withFin(false), NORMAL, continuation(HELLO.payload()))
                        .closed(1000)),
                Case.of("7.1.6", fuzzer -> fuzzer.anything()
                        .sendEach(large, HELLO, NORMAL, ping)
                        .closed(1000)));
    }

    private static List<Case> payloads() {
        return List.of(
                Case.of("7.3.1", fuzzer -> fuzzer.send(close()).closed(1000)),
                Case.of("7.3.2", fuzzer -> fuzzer.send(RawFrame.of(RawFrame.CLOSE, (byte) 'a'))
                        .closedBadly(1002)),
                Case.of("7.3.3", fuzzer -> fuzzer.send(NORMAL).closed(1000)),
                Case.of("7.3.4", fuzzer -> fuzzer.send(close(1000, "Hello World!"))
                        .closed(1000)),
                Case.of("7.3.5", fuzzer -> fuzzer.send(close(1000, "*".repeat(123)))
                        .closed(1000)),
                Case.of("7.3.6", fuzzer -> fuzzer.send(close(1000, "*".repeat(124)))
                        .closedBadly(1002)),
                Case.of("7.5.1", fuzzer -> fuzzer.send(RawFrame.of(
                                RawFrame.CLOSE,
                                RawFrame.closePayload(1000, Utf8Cases.hex("cebae1bdb9cf83eda080656469746564"))))
                        .closedBadly(1002, 1007)));
    }
}
