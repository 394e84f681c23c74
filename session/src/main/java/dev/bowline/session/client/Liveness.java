package dev.bowline.session.client;

import dev.bowline.session.wire.ServerMessage.Terms;

/** Whether the line of an open session still lives (section 8). Not thread-safe. */
final class Liveness {
    /** Time that comes so much too late means that the machine slept: it says nothing about the line. */
    private static final long SLEPT_MILLIS = 5_000;

    private static final int MOST_PROBES = 2;

    private long heardMillis;
    private int probes; // pings of ours since, after a doubt
    private long probedMillis;

    /** The line has given a sign of life. */
    void heard(long nowMillis) {
        heardMillis = nowMillis;
        probes = 0;
    }

    /** The line is asked for one. */
    void probed(long nowMillis) {
        probes++;
        probedMillis = nowMillis;
    }

    boolean isProbing() {
        return probes > 0;
    }

    /**
     * Whether silence that is noticed so late is to be met by a ping, as it may have been this end's sleep (section 8.2). A sleep while a ping is out
     * gives a second chance, not a third: somewhere all timers are late.
     */
    boolean mayHaveSlept(long lateMillis) {
        return lateMillis >= SLEPT_MILLIS && probes < MOST_PROBES;
    }

    /** When silence means that the line is dead. */
    long deadlineMillis(Terms terms) {
        return isProbing()
                ? probedMillis + terms.graceMillis()
                : heardMillis + terms.pingMillis() + terms.graceMillis();
    }
}
