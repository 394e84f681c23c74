/** The program {@code bowline}. */
module dev.bowline.cli {
    requires static transitive org.jspecify;
    requires dev.bowline.codec;
    requires dev.bowline.metrics;
    requires dev.bowline.realtime;
    requires dev.bowline.redis;
    requires dev.bowline.websocket;
    requires HdrHistogram;
    requires com.fasterxml.jackson.core;
    requires com.fasterxml.jackson.databind;
    requires info.picocli;
    requires java.logging;
    requires java.net.http;
    requires jdk.unsupported; // sun.misc.Signal, for JLine's Signals
    requires org.eclipse.jetty.server;
    requires org.jline;
    requires org.snakeyaml.engine;
    requires micrometer.registry.prometheus;
    requires org.jose4j;

    opens dev.bowline.cli to
            info.picocli;
    opens dev.bowline.cli.bench to
            info.picocli;
    opens dev.bowline.cli.client to
            info.picocli;
    opens dev.bowline.cli.connect to
            info.picocli;
    opens dev.bowline.cli.serve to
            info.picocli;
    opens dev.bowline.cli.token to
            info.picocli;
}
