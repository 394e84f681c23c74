package dev.bowline.verification.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.cli.Main;
import dev.bowline.realtime.Bowline;
import dev.bowline.realtime.CommandException;
import dev.bowline.realtime.SessionClient;
import dev.bowline.realtime.SessionClientOptions;
import dev.bowline.realtime.SessionListener;
import dev.bowline.realtime.SessionState;
import dev.bowline.realtime.TopicListener;
import dev.bowline.session.wire.Payload;
import dev.bowline.testkit.Await;
import dev.bowline.testkit.Recorder;
import dev.bowline.verification.support.LineProcess;
import dev.bowline.verification.support.Requirements;
import dev.bowline.websocket.WebSocketClient;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The program with its engine in memory, killed while 1,000 clients publish and listen, and started again: every client is told, no
 * result is left open, and none says what is not true.
 */
@Tag("once")
final class KilledServerTest {
    private static final int CLIENTS = 1_000;
    private static final int TOPICS = 50; // 20 clients share each
    private static final Duration LONG = Duration.ofSeconds(90);
    private static final Pattern READY = Pattern.compile("Bowline ready on ws://[^ ]*:(\\d+)/.*");

    /** Waits a tenth of what it would: this is about the truth, not about patience. */
    private static final RandomGenerator IMPATIENT = new RandomGenerator() {
        @Override
        public long nextLong() {
            return ThreadLocalRandom.current().nextLong();
        }

        @Override
        public long nextLong(long bound) {
            return ThreadLocalRandom.current().nextLong(bound) / 10;
        }
    };

    private final AtomicInteger delivered = new AtomicInteger();
    private final AtomicInteger unknown = new AtomicInteger();
    private final AtomicInteger others = new AtomicInteger();
    private final AtomicInteger lostTold = new AtomicInteger();
    private final AtomicInteger resets = new AtomicInteger();

    /** A client that publishes to its topic and listens there. */
    private final class One implements SessionListener, TopicListener {
        private final String topic;
        private final AtomicInteger open = new AtomicInteger();
        private final AtomicInteger received = new AtomicInteger(); // since the kill
        private @Nullable SessionClient client;
        private volatile boolean subscribed;

        One(WebSocketClient sockets, int port, int number) {
            topic = "demo.killed." + number % TOPICS;
            client = Bowline.connect(
                    URI.create("ws://127.0.0.1:" + port),
                    SessionClientOptions.builder()
                            .webSocketClient(sockets)
                            .random(IMPATIENT)
                            .build(),
                    this);
            client.subscribe(topic, this).ready().thenRun(() -> subscribed = true);
        }

        SessionClient client() {
            if (client == null) {
                throw new IllegalStateException("not connected");
            }
            return client;
        }

        void publish(String text) {
            open.incrementAndGet();
            client().publish(topic, text).whenComplete((done, error) -> {
                if (error == null) {
                    delivered.incrementAndGet();
                } else if (error instanceof CommandException failed
                        && failed.outcome() == CommandException.Outcome.UNKNOWN) {
                    unknown.incrementAndGet();
                } else {
                    others.incrementAndGet();
                }
                open.decrementAndGet();
            });
        }

        @Override
        public void onOpen(SessionClient opened, boolean resumed, @Nullable String reason) {
            if ("lost".equals(reason)) {
                lostTold.incrementAndGet();
            }
        }

        @Override
        public void onMessage(String from, long offset, Payload payload) {
            received.incrementAndGet();
        }

        @Override
        public void onReset(String from, String code) {
            resets.incrementAndGet();
        }
    }

    @Test
    @DisplayName("SIGKILL: every client learns that its session is lost, and every result is delivered or unknown")
    void tellsEveryClient() {
        Requirements.openFiles(CLIENTS + 500);
        WebSocketClient sockets = WebSocketClient.builder().eventLoops(1).build();
        Recorder<String> output = new Recorder<>();
        LineProcess first = serve(output, 0);
        int port = ready(output);
        List<One> clients = new ArrayList<>();
        try {
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(new One(sockets, port, i));
            }
            Await.until("all are subscribed", LONG, () -> clients.stream().allMatch(one -> one.subscribed));
            clients.forEach(one -> one.publish("before"));
            Await.until("all are heard", LONG, () -> delivered.get() == CLIENTS);
            Await.until("all have heard", LONG, () -> clients.stream().allMatch(one -> one.received.get() == 20));

            clients.forEach(one -> one.publish("while"));
            first.process().destroyForcibly();
            clients.forEach(one -> one.publish("away"));
            first.close();

            try (LineProcess second = serve(output, port)) {
                assertThat(ready(output)).isEqualTo(port);
                Await.until("all are back", LONG, () -> all(clients, SessionState.OPEN));
                Await.until("no result is open", LONG, () -> clients.stream().allMatch(one -> one.open.get() == 0));
                assertThat(second.process().isAlive()).isTrue();
                assertThat(lostTold).as("told that the session is lost").hasValue(CLIENTS);
                Await.untilEquals("all are told that the log is another one", LONG, resets::get, CLIENTS);
                assertThat(others).as("neither delivered nor unknown").hasValue(0);
                assertThat(delivered.get() + unknown.get()).isEqualTo(3 * CLIENTS);
                assertThat(delivered.get())
                        .as("what was never sent is sent to the new session")
                        .isPositive();

                clients.forEach(one -> one.received.set(0));
                int before = delivered.get();
                clients.forEach(one -> one.publish("after"));
                Await.until("all are heard again", LONG, () -> delivered.get() == before + CLIENTS);
                Await.until("all hear again", LONG, () -> clients.stream().allMatch(one -> one.received.get() >= 20));
            }
        } finally {
            first.close();
            clients.forEach(one -> one.client().close());
            sockets.close();
        }
    }

    private static boolean all(List<One> clients, SessionState state) {
        return clients.stream().allMatch(one -> one.client().state() == state);
    }

    private static LineProcess serve(Recorder<String> output, int port) {
        return LineProcess.java(
                output::record, List.of(), Main.class, "serve", "--quiet", "--port", Integer.toString(port));
    }

    private static int ready(Recorder<String> output) {
        Matcher matcher = READY.matcher(output.take(Duration.ofSeconds(60)));
        assertThat(matcher.matches()).isTrue();
        return Integer.parseInt(matcher.group(1));
    }
}
