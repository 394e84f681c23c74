package dev.bowline.verification.bench.nodes;

import java.util.List;
import java.util.Map;

/**
 * All that was measured.
 *
 * @param resumes of the mode that keeps sessions
 */
record Figures(
        List<Delays.Result> delays,
        List<Growth.Result> growth,
        List<Flood.Result> floods,
        Map<Mode, List<Prices.Price>> prices,
        List<Requests.Result> requests,
        List<Idle.Result> idle,
        List<Resumes.Result> resumes,
        List<Return.Result> returns) {
    Requests.Result requests(Mode mode) {
        return requests.stream().filter(one -> one.mode() == mode).findFirst().orElseThrow();
    }

    Idle.Result idle(Mode mode) {
        return idle.stream().filter(one -> one.mode() == mode).findFirst().orElseThrow();
    }

    Usage price(Mode mode, String what) {
        return prices.getOrDefault(mode, List.of()).stream()
                .filter(one -> one.what().equals(what))
                .findFirst()
                .orElseThrow()
                .usage();
    }
}
