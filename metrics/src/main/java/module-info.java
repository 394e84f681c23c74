/** The statistics of servers and hubs for Micrometer, and so for Prometheus and others. */
module dev.bowline.metrics {
    requires static transitive org.jspecify;
    requires transitive dev.bowline.realtime;
    requires transitive dev.bowline.websocket;
    requires transitive micrometer.core;

    exports dev.bowline.metrics;
}
