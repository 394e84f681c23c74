package dev.bowline.cli.token;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Says in the log why tokens were refused, a line each; but not so often that whoever sends wrong ones fills a disk. Safe from any thread. */
final class Refusals {
    private static final System.Logger LOG = System.getLogger(TokenAuthenticator.class.getName());

    private static final int MOST = 10;
    private static final long TIME_NANOS = Duration.ofMinutes(1).toNanos();

    private final LongSupplier nanoTime;

    // Under the lock.
    private long beganNanos;
    private int said = MOST; // since then
    private long unsaid;

    Refusals(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.beganNanos = nanoTime.getAsLong() - TIME_NANOS;
    }

    void say(String reason) {
        long before;
        synchronized (this) {
            long now = nanoTime.getAsLong();
            if (now - beganNanos >= TIME_NANOS) {
                beganNanos = now;
                said = 0;
            }
            if (said == MOST) {
                unsaid++;
                return;
            }
            said++;
            before = unsaid;
            unsaid = 0;
        }
        LOG.log(
                Level.INFO,
                () -> "a token was refused: " + reason
                        + (before == 0 ? "" : " (and " + before + " before it, without a line)"));
    }
}
