package dev.bowline.verification.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.realtime.HubOptions;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Section 8: who hears nothing asks, and who gets no answer closes. */
@Tag("once")
class LivenessTest extends OwnServerClauses {
    private static final Duration FOREVER = Duration.ofMinutes(10);

    private void serveWith(Duration ping, Duration grace) {
        serve(HubOptions.builder().heartbeat(ping, grace).helloTimeout(FOREVER));
    }

    @Test
    void aPingIsAnswered() {
        SpecClient client = begin();
        client.say("ping");
        client.say("ping");
        client.next("pong");
        client.next("pong");
        client.say("pong"); // that nobody asked for
        client.expectNothingElse();
    }

    @Test
    void silenceIsBrokenByThePingsOfTheServer() {
        serveWith(Duration.ofMillis(100), FOREVER);
        SpecClient client = begin().withoutPongs();
        for (int i = 0; i < 3; i++) {
            client.next("ping");
            client.say("pong");
        }
    }

    @Test
    void whoDoesNotAnswerAPingIsClosed() {
        serveWith(Duration.ofMillis(50), Duration.ofMillis(100));
        SpecClient client = begin().withoutPongs();
        client.next("ping");
        client.expectClose(4001);
        assertThat(also(client.reconnect()).resume().outcome()).isEqualTo("resumed 0");
    }

    @Test
    void whoAnswersStays() {
        serveWith(Duration.ofMillis(20), SpecClient.PATIENCE);
        SpecClient client = begin();
        for (int i = 0; i < 10; i++) {
            client.withoutPongs().next("ping");
            client.say("pong");
        }
        client.does("sub # open.a");
    }

    @Test
    @DisplayName("any message counts as life, and so does a control frame, though it is no pong")
    void anythingIsLife() {
        Duration grace = Duration.ofSeconds(2);
        serveWith(Duration.ofMillis(400), grace);
        SpecClient client = begin().withoutPongs();
        // Each answer stands for a pong: without one of them the second ping would be the last message.
        client.next("ping");
        client.say("ack 0");
        client.next("ping");
        client.sendControlFrame();
        long heard = System.nanoTime();
        client.next("ping");
        client.expectClose(4001);
        assertThat(Duration.ofNanos(System.nanoTime() - heard)).isGreaterThan(grace);
    }
}
