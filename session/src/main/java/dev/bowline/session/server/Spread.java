package dev.bowline.session.server;

/**
 * When each of many clients is to come back. A client that is told {@code ms} waits a random time between that and its double (section
 * 8.3), so one advice for all would be a crowd: of 50,000 clients that are told 1 s, 50 come each millisecond. So each is told another
 * one, in equal steps.
 *
 * <p>With steps of s milliseconds and advice up to m, the clients that come in a millisecond are (1 / s) times the integral of 1 / ms over
 * the advice that allows it: at most ln 2 / s, from the beginning to m, and fewer and fewer from m to 2 m. That is what makes the step.
 */
final class Spread {
    /** The last advice, as a share of the resume window: its client comes back after double that, and must still find its session. */
    private static final int WINDOW_SHARE = 3;

    private final long leastMillis;
    private final double stepMillis;

    /**
     * @param leastMillis the least advice
     * @param perSecond how many may come in a second; more where the window leaves no time for that
     */
    Spread(long leastMillis, int clients, int perSecond, long windowMillis) {
        this.leastMillis = leastMillis;
        double most = Math.max(0, windowMillis / WINDOW_SHARE - leastMillis);
        this.stepMillis = Math.min(1_000 * Math.log(2) / perSecond, most / Math.max(1, clients));
    }

    /** What the i-th client is told, counted from 0. */
    long adviceMillis(int i) {
        return leastMillis + (long) (i * stepMillis);
    }
}
