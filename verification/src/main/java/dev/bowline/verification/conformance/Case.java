package dev.bowline.verification.conformance;

import java.util.List;

/**
 * One case of the suite.
 *
 * @param id its number, as the field knows it: {@code 7.1.3}
 * @param offers what the fuzzing client offers as {@code Sec-WebSocket-Extensions}, one element for each offer; none for
 *     a case without compression
 * @param script what the fuzzer does, and what it expects
 */
record Case(String id, List<String> offers, Script script) {
    /** What the fuzzer does on an open connection. It ends with one of the fuzzer's closing operations. */
    @FunctionalInterface
    interface Script {
        void play(Fuzzer fuzzer);
    }

    /** A case without compression. */
    static Case of(String id, Script script) {
        return new Case(id, List.of(), script);
    }

    boolean compressed() {
        return !offers.isEmpty();
    }

    /** The number before the first point. */
    int category() {
        return Integer.parseInt(id.substring(0, id.indexOf('.')));
    }
}
