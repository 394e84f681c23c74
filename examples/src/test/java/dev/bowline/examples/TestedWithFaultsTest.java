package dev.bowline.examples;

import dev.bowline.realtime.Bowline;
import dev.bowline.realtime.Hub;
import dev.bowline.realtime.SessionClient;
import dev.bowline.realtime.SessionClientOptions;
import dev.bowline.realtime.TopicListener;
import dev.bowline.session.wire.Payload;
import dev.bowline.testkit.Deliveries;
import dev.bowline.testkit.ServerExtension;
import dev.bowline.websocket.WebSocketServer;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How an application tests what it does with sessions, and with a line that is cut; docs/testing.md shows it. */
class TestedWithFaultsTest {
    // snippet:test
    private final Hub hub = Hub.builder().build();

    @RegisterExtension
    final ServerExtension server = ServerExtension.of(() -> {
        WebSocketServer started =
                WebSocketServer.builder().endpoint(hub.endpoint("/live")).start();
        return ServerExtension.running(started.port(), () -> {
            hub.close();
            started.close();
        });
    });

    @Test
    void nothingIsLostWhenTheLineIsCut() throws Exception {
        Deliveries deliveries = server.deliveries();
        try (SessionClient client = Bowline.connect(
                server.uri("/live"), SessionClientOptions.builder().build())) {
            client.subscribe("news", listener(deliveries.receiver("ann")))
                    .ready()
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
            for (int i = 1; i <= 100; i++) {
                String text = "message " + i;
                long offset =
                        hub.topic("news").publish(text).toCompletableFuture().get(10, TimeUnit.SECONDS);
                deliveries.published("news", offset, text);
                if (i % 30 == 0) {
                    server.network().resetAll();
                }
            }
            deliveries.awaitComplete();
        }
    }

    private static TopicListener listener(Deliveries.Receiver receiver) {
        return new TopicListener() {
            @Override
            public void onMessage(String topic, long offset, Payload payload) {
                receiver.message(topic, offset, payload.asText());
            }

            @Override
            public void onGap(String topic, long from, long to, String code) {
                receiver.gap(topic, from, to);
            }

            @Override
            public void onReset(String topic, String code) {
                receiver.reset(topic);
            }
        };
    }
    // end:test
}
