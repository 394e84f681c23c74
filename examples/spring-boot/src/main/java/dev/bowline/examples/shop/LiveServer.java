package dev.bowline.examples.shop;

import dev.bowline.metrics.BowlineMetrics;
import dev.bowline.realtime.Hub;
import dev.bowline.websocket.ServerOptions;
import dev.bowline.websocket.WebSocketServer;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

// snippet:server
/** Serves the hub for as long as the application runs: begins last and ends first, as a lifecycle without a phase does. */
@Component
class LiveServer implements SmartLifecycle {
    private final Hub hub;
    private final MeterRegistry registry;
    private final String host;
    private final int port;
    private volatile @Nullable WebSocketServer server;

    LiveServer(
            Hub hub,
            MeterRegistry registry,
            @Value("${shop.live-host:127.0.0.1}") String host,
            @Value("${shop.live-port:3000}") int port) {
        this.hub = hub;
        this.registry = registry;
        this.host = host;
        this.port = port;
    }

    @Override
    public void start() {
        try {
            WebSocketServer started = WebSocketServer.builder()
                    .host(host)
                    .port(port)
                    .options(ServerOptions.builder()
                            .allowedOrigins("http://localhost:8080")
                            .build())
                    .endpoint(hub.endpoint("/live"))
                    .start();
            BowlineMetrics.of(started, hub).bindTo(registry);
            server = started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Clients are told to come back, and when, before their connections end. */
    @Override
    public void stop() {
        WebSocketServer running = server;
        if (running != null) {
            running.stopAccepting();
            hub.close();
            running.close();
            server = null;
        }
    }

    @Override
    public boolean isRunning() {
        return server != null;
    }

    int port() {
        WebSocketServer running = server;
        if (running == null) {
            throw new IllegalStateException("it does not run");
        }
        return running.port();
    }
}
// end:server
