package dev.bowline.cli.bench;

import java.time.Duration;

/** Whom to tell how a run gets on. Called by the thread that runs it. */
public interface Progress {
    void connecting(int open, int wanted);

    /** All are open. */
    void connected(int connections, Duration took);

    /** The measured time begins. */
    void measuring();

    /**
     * A second has passed.
     *
     * @param messages that came back so far in the measured time
     * @param errors of any kind so far
     */
    void progress(Duration passed, Duration of, long messages, long errors);

    /** The measured time is over. */
    void measured();
}
