package dev.bowline.verification.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.testkit.Await;
import dev.bowline.testkit.Recorder;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What clients are told, word by word, when Redis is started again with what it had. */
class RestartedRedisTest extends TwoHubsTestBase {
    private final Recorder<String> wire = new Recorder<>();

    /** A client that takes messages as they are. */
    private WebSocket connect(HubNode node) {
        WebSocket.Listener listener = new WebSocket.Listener() {
            private final StringBuilder message = new StringBuilder(); // touched by one call at a time

            @Override
            public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
                message.append(part);
                if (last) {
                    wire.record(message.toString().replace('\n', '|'));
                    message.setLength(0);
                }
                socket.request(1);
                return null;
            }
        };
        return get(HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .subprotocols("bowline.v1")
                .buildAsync(node.uri(), listener));
    }

    private String expect(String beginning) {
        return wire.expect(message -> message.startsWith(beginning), beginning);
    }

    private void publish(HubNode node, String text) {
        Await.until(
                "it was published",
                () -> get(node.hub.topic("open.news").publish(text).handle((offset, failure) -> failure == null)));
    }

    private void restartRedis() {
        REDIS.process().kill();
        REDIS.process().start();
        for (HubNode node : new HubNode[] {a, b}) {
            Await.until(
                    "it has Redis again",
                    () -> get(node.hub.topic("open.other").publish("x").handle((offset, failure) -> failure == null)));
        }
    }

    @Test
    void subscribersGoOnInTheLogsNextEpoch() {
        WebSocket client = connect(a);
        get(client.sendText("hello", true));
        expect("welcome|");
        get(client.sendText("sub 1 open.news", true));
        expect("ok 1 1");
        publish(b, "one");
        String begin = expect("at open.news ");
        String first = begin.substring("at open.news ".length(), begin.lastIndexOf(' '));
        wire.expect("pub open.news 1|one");
        restartRedis();
        publish(b, "two");
        String second = expect("at open.news ");
        assertThat(second).endsWith(" 1").doesNotContain(first);
        wire.expect("pub open.news 2|two");
        publish(a, "three");
        wire.expect("pub open.news 3|three");
        wire.assertEmpty();
        client.abort();
    }
}
