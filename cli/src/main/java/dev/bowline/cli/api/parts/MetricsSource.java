package dev.bowline.cli.api.parts;

/** What monitoring reads. */
public interface MetricsSource {
    /** The metrics in Prometheus's text format. On a thread of its own, one call at a time; may wait for a moment. */
    String scrape();
}
