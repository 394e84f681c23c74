package dev.bowline.cli.hook;

import java.time.Instant;

/** What time it is, and what is to be done later. A test has its own. */
interface HookTimer {
    /** As {@link System#nanoTime}. */
    long nanoTime();

    Instant now();

    /** Does something later, on a thread that must not be held up; perhaps not, if it is closed by then. */
    void after(long nanos, Runnable task);
}
