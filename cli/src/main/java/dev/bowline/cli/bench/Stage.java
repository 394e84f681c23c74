package dev.bowline.cli.bench;

/** How far a run is. Set by the thread that runs it, read by the event loops. */
final class Stage {
    private volatile boolean measuring;
    private volatile boolean over;

    boolean isMeasuring() {
        return measuring;
    }

    /** Whether nothing is to be sent any more, and what ends now is no error. */
    boolean isOver() {
        return over;
    }

    void measuring(boolean on) {
        measuring = on;
    }

    void over() {
        over = true;
    }
}
