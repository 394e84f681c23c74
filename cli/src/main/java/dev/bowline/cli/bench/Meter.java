package dev.bowline.cli.bench;

import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;

/** Counts what one event loop gets back while measuring. Written by that loop alone. */
final class Meter {
    private static final long HIGHEST_NANOS = 600_000_000_000L;
    private static final int DIGITS = 3;

    private final Histogram latencies = new Histogram(HIGHEST_NANOS, DIGITS);
    private final AtomicLong messages = new AtomicLong(); // read by whoever shows the progress
    private final AtomicLong ever = new AtomicLong(); // those outside of the measurement too
    private final Stage stage;

    Meter(Stage stage) {
        this.stage = stage;
    }

    /** Something came back, after so long. */
    void record(long nanos) {
        ever.setOpaque(ever.getPlain() + 1);
        if (stage.isMeasuring()) {
            messages.setOpaque(messages.getPlain() + 1);
            latencies.recordValue(Math.max(0, Math.min(nanos, HIGHEST_NANOS)));
        }
    }

    /** How many came back while measuring. */
    long messages() {
        return messages.getOpaque();
    }

    /** How many came back at all. */
    long ever() {
        return ever.getOpaque();
    }

    /** What was recorded; to be read when the event loop has ended. */
    Histogram latencies() {
        return latencies;
    }
}
