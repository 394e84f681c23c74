package dev.bowline.verification.bench.restart;

/**
 * How a restart goes.
 *
 * @param label on charts
 * @param graceful whether clients are sent away before; else all their connections are cut at once, and their sessions are lost
 * @param returnsPerSecond how their advice is spread; without effect on a crash
 * @param awayMillis how long nobody listens
 */
record Course(String label, boolean graceful, int returnsPerSecond, long awayMillis) {
    static Course restart(String label, int returnsPerSecond, long awayMillis) {
        return new Course(label, true, returnsPerSecond, awayMillis);
    }

    static Course crash(String label, long awayMillis) {
        return new Course(label, false, 1, awayMillis);
    }
}
