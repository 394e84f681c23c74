package dev.bowline.session.client;

import dev.bowline.session.wire.ServerMessage.Terms;

/** Whether the line of an open session still lives (section 8). Not thread-safe. */
final class Liveness {
    private long heardMillis;
    private boolean probing; // a ping of ours is out, after a doubt
    private long probedMillis;

    /** The line has given a sign of life. */
    void heard(long nowMillis) {
        heardMillis = nowMillis;
        probing = false;
    }

    /** The line is asked for one. */
    void probed(long nowMillis) {
        probing = true;
        probedMillis = nowMillis;
    }

    boolean isProbing() {
        return probing;
    }

    /** When silence means that the line is dead. */
    long deadlineMillis(Terms terms) {
        return probing ? probedMillis + terms.graceMillis() : heardMillis + terms.pingMillis() + terms.graceMillis();
    }
}
