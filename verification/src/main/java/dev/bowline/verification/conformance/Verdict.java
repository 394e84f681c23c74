package dev.bowline.verification.conformance;

import java.util.List;

/**
 * What the judge says of one case.
 *
 * @param behaviour whether what came was what the case expects
 * @param close how the connection ended, judged by itself
 * @param closeCode the code of the Close frame of the side under test; 1005 for one without a code; 0 for no such frame
 * @param terms what the case demands of the end
 * @param why each thing that was wrong, then what came; for people
 */
record Verdict(Behaviour behaviour, Close close, int closeCode, Terms terms, List<String> why) {
    /** Whether what came was what the case expects. */
    enum Behaviour {
        OK,
        /** Allowed, but not what the RFC recommends. */
        NON_STRICT,
        /** The case allows anything. */
        INFORMATIONAL,
        /** The extension that the case is about was not agreed on. */
        UNIMPLEMENTED,
        FAILED
    }

    /** How the connection ended. */
    enum Close {
        /** A Close frame with an allowed code or none, then an orderly end of the TCP stream by the right side. */
        CLEAN,
        /** The TCP stream ended without a Close frame, which the case allows. */
        DROPPED,
        /** Not by a Close frame, or not in order, or not in time. */
        UNCLEAN,
        /** By a Close frame with a code that the case does not allow. */
        WRONG_CODE
    }

    /**
     * What a case demands of the end.
     *
     * @param fuzzerClosesFirst whether the Close frame of the fuzzer is the first
     * @param codes the codes that the side under test may send
     * @param cleanRequired whether a TCP stream that just ends is wrong
     */
    record Terms(boolean fuzzerClosesFirst, List<Integer> codes, boolean cleanRequired) {}
}
