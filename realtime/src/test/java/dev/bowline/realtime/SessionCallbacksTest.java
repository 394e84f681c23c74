package dev.bowline.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.session.wire.Payload;
import dev.bowline.session.wire.ServerMessage;
import dev.bowline.session.wire.ServerMessage.DirectMessage;
import dev.bowline.testkit.Await;
import dev.bowline.testkit.CapturedLog;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Where callbacks run, and that they run in order. */
class SessionCallbacksTest extends SessionTestBase {
    private final ExecutorService executor =
            Executors.newFixedThreadPool(4, task -> new Thread(task, "test-callbacks"));

    @AfterEach
    void endExecutor() {
        executor.shutdownNow();
    }

    @Test
    void runOnTheEventLoopByDefault() {
        Bowline.connect(server.uri(), options().build(), new Listener(events) {
            @Override
            public void onMessage(SessionClient client, String name, Payload payload) {
                events.record(Thread.currentThread().getName().replaceAll("\\d+", "n"));
            }
        });
        server.open().say(new DirectMessage(1, "hi", Payload.NONE));
        expectOpened();
        expect("bowline-client-n-n");
    }

    @Test
    void runOnTheExecutorOneAtATimeAndInOrder() {
        AtomicInteger running = new AtomicInteger();
        SessionClient client = Bowline.connect(
                server.uri(), options().callbackExecutor(executor).build(), new Listener(events) {
                    @Override
                    public void onMessage(SessionClient told, String name, Payload payload) {
                        if (running.incrementAndGet() != 1
                                || !Thread.currentThread().getName().equals("test-callbacks")) {
                            events.record("together, or elsewhere");
                        }
                        super.onMessage(told, name, payload);
                        running.decrementAndGet();
                    }
                });
        ScriptedConnection connection = server.open();
        expectOpened();
        var stage = client.publish("news", "a")
                .thenRun(() ->
                        events.record("published on " + Thread.currentThread().getName()));
        connection.expectPublish(1, "a");
        for (int i = 0; i < 300; i++) {
            connection.say(new DirectMessage(connection.n(), "hi", Payload.text("" + i)));
        }
        connection.ok(1);
        for (int i = 0; i < 300; i++) {
            expect("message hi " + i);
        }
        expect("published on test-callbacks");
        get(stage);
    }

    @Test
    void thoseThatAreSlowSlowTheServerDownAndCostNoConnection() throws InterruptedException {
        // Both sessions would be given up after 200 ms of silence. One can't hear, as it does not read; the other one
        // tells when the time
        // is over.
        ServerMessage.Terms terms = new ServerMessage.Terms(60_000, 100, 100, 1 << 20, 256, 1 << 20);
        CountDownLatch goOn = new CountDownLatch(1);
        Bowline.connect(server.uri(), options().callbackExecutor(executor).build(), new Listener(events) {
            @Override
            public void onMessage(SessionClient client, String name, Payload payload) {
                await(goOn);
                events.record("message " + payload.size());
            }
        });
        ScriptedConnection connection = server.accept().welcome("s1", null, terms);
        String large = "x".repeat(60_000);
        for (int i = 0; i < 4; i++) {
            connection.say(new DirectMessage(connection.n(), "hi", Payload.text(large)));
        }
        expectOpened();
        CountDownLatch over = new CountDownLatch(2);
        SessionClient clock = Bowline.connect(server.uri(), options().build(), new SessionListener() {
            @Override
            public void onDisconnect(SessionClient client, int code, String reason) {
                over.countDown();
            }
        });
        server.accept().welcome("clock", null, terms);
        server.accept().welcome("clock", null, terms);
        assertThat(over.await(10, TimeUnit.SECONDS)).isTrue();
        clock.close();
        goOn.countDown();
        expect("message 60000", "message 60000", "message 60000", "message 60000");
        for (int i = 0; i < 3; i++) { // more than was ever read ahead: it reads again
            connection.lastN(4 + i);
            connection.say(new DirectMessage(connection.n(), "hi", Payload.text("x")));
            expect("message 1");
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(10, TimeUnit.SECONDS)) {
                throw new AssertionError("nobody went on");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatTheExecutorRejectsRunsOnTheEventLoop() {
        try (CapturedLog log = CapturedLog.of("dev.bowline.realtime.internal.client.ExecutorCallbacks")) {
            connect(options().callbackExecutor(task -> {
                throw new RejectedExecutionException("on purpose");
            }));
            server.open().say(new DirectMessage(1, "hi", Payload.text("a")));
            expectOpened();
            expect("message hi a");
            assertThat(log.lines())
                    .allMatch(line -> line.startsWith("SEVERE The callback executor rejected;"))
                    .isNotEmpty();
        }
    }

    @Test
    void oneThatThrowsIsLoggedAndChangesNothing() {
        try (CapturedLog log = CapturedLog.of("dev.bowline.realtime.internal.client.Callbacks")) {
            SessionClient client = Bowline.connect(server.uri(), options().build(), new Listener(events) {
                @Override
                public void onMessage(SessionClient told, String name, Payload payload) {
                    super.onMessage(told, name, payload);
                    throw new AssertionError("on purpose");
                }
            });
            ScriptedConnection connection = server.open();
            connection.say(new DirectMessage(1, "hi", Payload.text("a")));
            connection.say(new DirectMessage(2, "hi", Payload.text("b")));
            expectOpened();
            expect("message hi a", "message hi b");
            Await.until("two errors", () -> log.lines().size() == 2);
            assertThat(log.lines()).allMatch(line -> line.startsWith("SEVERE onMessage of "));
            connection.lastN(2);
            note("a", client.publish("news", "a"));
            connection.expectPublish(1, "a").ok(1);
            expect("a done");
        }
    }

    @Test
    void aStagesDependentsMayCallTheClient() {
        SessionClient client = connect();
        ScriptedConnection connection = server.open();
        expectOpened();
        note("both", client.publish("news", "a").thenCompose(done -> client.publish("news", "b")));
        connection.expectPublish(1, "a").ok(1).expectPublish(2, "b").ok(2);
        expect("both done");
    }
}
