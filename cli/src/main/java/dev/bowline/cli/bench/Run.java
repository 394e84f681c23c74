package dev.bowline.cli.bench;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What all parts of a run share. */
final class Run {
    final LoadOptions options;
    final Stage stage = new Stage();
    final Faults faults = new Faults();
    private final List<Meter> meters = new CopyOnWriteArrayList<>();
    private final ThreadLocal<Meter> meterOfThread = ThreadLocal.withInitial(this::newMeter);

    Run(LoadOptions options) {
        this.options = options;
    }

    private Meter newMeter() {
        Meter meter = new Meter(stage);
        meters.add(meter);
        return meter;
    }

    /** The meter of the event loop that asks. */
    Meter meter() {
        return meterOfThread.get();
    }

    List<Meter> meters() {
        return meters;
    }

    /** How many messages came back while measuring. */
    long messages() {
        return meters.stream().mapToLong(Meter::messages).sum();
    }

    /** How many came back at all. */
    long ever() {
        return meters.stream().mapToLong(Meter::ever).sum();
    }
}
