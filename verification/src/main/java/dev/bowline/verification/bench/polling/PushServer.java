package dev.bowline.verification.bench.polling;

import dev.bowline.realtime.Hub;
import dev.bowline.realtime.HubOptions;
import dev.bowline.realtime.TopicPolicy;
import dev.bowline.websocket.ServerOptions;
import dev.bowline.websocket.WebSocketServer;
import java.io.IOException;
import java.util.concurrent.CompletionStage;

/**
 * Orders by a hub: each has a topic, to which its changes are published. The server's options are the defaults, but for how many connections may
 * come from one address, as all clients have the same here.
 */
final class PushServer implements BenchServer {
    private static final int MAX_CONNECTIONS = 100_000;

    private final Hub hub;
    private final WebSocketServer server;

    PushServer(HubOptions options) throws IOException {
        hub = Hub.builder().options(options).topic(TopicPolicy.of("orders.*")).build();
        server = WebSocketServer.builder()
                .host("127.0.0.1")
                .options(ServerOptions.builder()
                        .backlog(4_096)
                        .maxConnectionsPerAddress(MAX_CONNECTIONS)
                        .build())
                .endpoint(hub.endpoint("/").allowedOrigins(Browser.ORIGIN))
                .start();
    }

    @Override
    public int port() {
        return server.port();
    }

    @Override
    public void change(int order, long version) {
        CompletionStage<Long> published = hub.topic(Orders.topic(order)).publish(Orders.state(order, version));
        published.toCompletableFuture().join(); // what goes wrong is for whoever made the change
    }

    @Override
    public long handled() {
        return server.statistics().received().messages();
    }

    @Override
    public void close() {
        hub.close();
        server.close();
    }
}
