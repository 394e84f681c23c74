package dev.bowline.cli.bench;

/** How far a run is. Set by the thread that runs it, read by the event loops. */
final class Stage {
    private volatile boolean measuring;
    private volatile boolean draining;
    private volatile boolean over;

    boolean isMeasuring() {
        return measuring;
    }

    /** Whether nothing new is to be begun: only what was sent before is waited for. */
    boolean isDraining() {
        return draining;
    }

    /** Whether what ends now is no error. */
    boolean isOver() {
        return over;
    }

    void measuring(boolean on) {
        measuring = on;
    }

    void draining() {
        draining = true;
    }

    void over() {
        draining = true;
        over = true;
    }
}
