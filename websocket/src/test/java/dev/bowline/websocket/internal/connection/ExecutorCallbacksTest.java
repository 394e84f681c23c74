package dev.bowline.websocket.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.codec.CloseEvent;
import dev.bowline.testkit.CapturedLog;
import dev.bowline.testkit.RawFrame;
import dev.bowline.testkit.Recorder;
import dev.bowline.websocket.ConnectionOptions;
import dev.bowline.websocket.WebSocket;
import dev.bowline.websocket.WebSocketListener;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExecutorCallbacksTest {
    @RegisterExtension
    final ConnectionHarness harness = new ConnectionHarness();

    @RegisterExtension
    final Recorder<String> events = new Recorder<>();

    private final FakeStream stream = new FakeStream();
    private final Queue<Runnable> given = new ConcurrentLinkedQueue<>(); // run by the test's thread, when it likes

    private class Listener implements WebSocketListener {
        @Override
        public void onOpen(WebSocket socket) {
            events.record("open");
        }

        @Override
        public void onText(WebSocket socket, String text) {
            events.record(text);
        }

        @Override
        public void onBinary(WebSocket socket, ByteBuffer data) {
            events.record("binary " + data.remaining());
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            events.record("error " + error.getMessage());
        }

        @Override
        public void onClose(WebSocket socket, CloseEvent event) {
            events.record("close " + event.code());
        }
    }

    private Connection open(Executor executor, WebSocketListener listener) {
        return harness.open(
                stream, ConnectionOptions.builder().callbackExecutor(executor).build(), listener);
    }

    private void runGiven() {
        for (Runnable task = given.poll(); task != null; task = given.poll()) {
            task.run();
        }
    }

    @Test
    void callbacksComeInOrderAndOneAtATime() {
        open(given::add, new Listener());
        harness.receive(stream, RawFrame.text("a"), RawFrame.text("b"));
        harness.receive(stream, RawFrame.text("c"));
        assertThat(given).hasSize(1); // one task, whatever waits
        events.assertEmpty();
        runGiven();
        for (String event : new String[] {"open", "a", "b", "c"}) {
            events.expect(event);
        }
        harness.receive(stream, RawFrame.close(1000, ""));
        harness.end(stream);
        runGiven();
        events.expect("close 1000");
    }

    @Test
    void aLongQueueIsCutIntoTasksSoThatOthersGetTheThread() {
        open(given::add, new Listener());
        RawFrame[] frames = new RawFrame[200];
        java.util.Arrays.setAll(frames, i -> RawFrame.text("t" + i));
        harness.receive(stream, frames);
        int tasks = 0;
        for (Runnable task = given.poll(); task != null; task = given.poll()) {
            task.run();
            tasks++;
        }
        assertThat(tasks).isEqualTo(4); // 201 callbacks, 64 at a time
        assertThat(events.drain()).hasSize(201).endsWith("t199");
    }

    @Test
    void readingRestsWhileMoreThan64KibibytesWait() {
        open(given::add, new Listener());
        runGiven();
        events.expect("open");
        harness.receive(stream, RawFrame.binary(new byte[60_000]));
        assertThat(stream.readInterest()).isTrue();
        harness.receive(stream, RawFrame.binary(new byte[10_000]));
        assertThat(stream.readInterest()).isFalse();
        runGiven();
        harness.turn();
        assertThat(stream.readInterest()).isTrue();
        events.expect("binary 60000");
        events.expect("binary 10000");
    }

    @Test
    void thePauseOfTheApplicationOutlastsThatOfTheCallbacks() {
        Connection connection = open(given::add, new Listener());
        harness.receive(stream, RawFrame.binary(new byte[65_000]), RawFrame.text("x"));
        connection.pauseReading();
        runGiven();
        harness.turn();
        assertThat(stream.readInterest()).isFalse();
        connection.resumeReading();
        harness.turn();
        assertThat(stream.readInterest()).isTrue();
        assertThat(events.drain()).containsExactly("open", "binary 65000", "x");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anExecutorThatFailsClosesWith1011AndOnCloseStillComesOnce(boolean rejects) {
        AtomicInteger tasks = new AtomicInteger();
        Executor failing = task -> {
            if (tasks.incrementAndGet() == 1) {
                task.run();
            } else if (rejects) {
                throw new RejectedExecutionException("on purpose");
            } else {
                throw new OutOfMemoryError("unable to create native thread, on purpose");
            }
        };
        try (CapturedLog log = CapturedLog.of(ExecutorCallbacks.class)) {
            open(failing, new Listener());
            events.expect("open");
            harness.receive(stream, RawFrame.text("a"));
            assertThat(stream.written())
                    .isEqualTo(RawFrame.close(1011, "internal error").bytes());
            harness.receive(stream, RawFrame.close(1011, ""));
            harness.end(stream);
            events.expect("a");
            events.expect("close 1011");
            harness.turn();
            assertThat(log.lines()).isNotEmpty().allMatch(line -> line.contains("on purpose"));
        }
        assertThat(harness.open).hasValue(0);
    }

    @Test
    void anExecutorThatRejectsFromTheStartClosesAndTellsItOnTheLoop() {
        try (CapturedLog log = CapturedLog.of(ExecutorCallbacks.class)) {
            open(
                    task -> {
                        throw new RejectedExecutionException("on purpose");
                    },
                    new Listener());
            harness.turn();
            events.expect("open");
            assertThat(stream.written())
                    .isEqualTo(RawFrame.close(1011, "internal error").bytes());
            harness.receive(stream, RawFrame.text("late"), RawFrame.close(1011, ""));
            harness.end(stream);
            harness.turn();
            events.expect("late");
            events.expect("close 1011");
            assertThat(log.lines()).isNotEmpty().allMatch(line -> line.contains("on purpose"));
        }
    }

    @Test
    void anExecutorThatRejectsNowAndThenKeepsOrderAndOneAtATime() {
        AtomicInteger tasks = new AtomicInteger();
        try (CapturedLog log = CapturedLog.of(ExecutorCallbacks.class)) {
            open(
                    task -> {
                        if (tasks.incrementAndGet() % 2 == 0) {
                            throw new RejectedExecutionException("on purpose");
                        }
                        given.add(task);
                    },
                    new Listener());
            runGiven();
            events.expect("open");
            harness.receive(stream, RawFrame.text("a"), RawFrame.text("b"));
            harness.turn();
            runGiven();
            events.expect("a");
            events.expect("b");
            harness.receive(stream, RawFrame.text("c"), RawFrame.close(1011, ""));
            harness.end(stream);
            harness.turn();
            runGiven();
            events.expect("c");
            events.expect("close 1011");
            assertThat(log.lines()).isNotEmpty().allMatch(line -> line.contains("on purpose"));
        }
    }

    @Test
    void anExecutorThatThrowsAndRunsTheTaskAllTheSameIsHeardOnce() {
        try (CapturedLog log = CapturedLog.of(ExecutorCallbacks.class)) {
            open(
                    task -> {
                        given.add(task);
                        throw new OutOfMemoryError("no thread, on purpose");
                    },
                    new Listener());
            harness.turn();
            runGiven();
            harness.receive(stream, RawFrame.text("a"), RawFrame.close(1011, ""));
            harness.end(stream);
            harness.turn();
            runGiven();
            assertThat(events.drain()).containsExactly("open", "a", "close 1011");
            assertThat(log.lines()).isNotEmpty().allMatch(line -> line.contains("on purpose"));
        }
    }

    @Test
    void anExecutorThatDropsTasksStopsTheReadingAndKeepsNobodyOpen() {
        open(task -> {}, new Listener());
        harness.receive(stream, RawFrame.binary(new byte[40_000]));
        harness.receive(stream, RawFrame.binary(new byte[40_000]));
        assertThat(stream.readInterest()).isFalse();
        harness.end(stream);
        assertThat(harness.open).hasValue(0);
    }

    @Test
    void anExecutorThatRunsAtOnceWorks() {
        open(Runnable::run, new Listener() {
            @Override
            public void onText(WebSocket socket, String text) {
                super.onText(socket, text);
                socket.send(text);
                if (text.equals("end")) {
                    socket.terminate();
                }
            }
        });
        harness.receive(stream, RawFrame.text("a"), RawFrame.text("end"), RawFrame.text("unheard"));
        assertThat(events.drain()).containsExactly("open", "a", "end", "close 1006");
    }

    @Test
    void aCallbackThatThrowsIsReportedAndTheRestIsNotCalled() {
        open(given::add, new Listener() {
            @Override
            public void onText(WebSocket socket, String text) {
                throw new IllegalStateException(text);
            }
        });
        harness.receive(stream, RawFrame.text("a"), RawFrame.text("b"));
        runGiven();
        harness.turn();
        harness.receive(stream, RawFrame.text("c"), RawFrame.close(1011, ""));
        harness.end(stream);
        runGiven();
        assertThat(harness.open).hasValue(0);
        assertThat(events.drain()).containsExactly("open", "error a", "close 1011");
    }

    @Test
    void anOnErrorThatRethrowsDoesNotStopTheRest() {
        try (CapturedLog log = CapturedLog.of(Callbacks.class)) {
            open(given::add, new Listener() {
                @Override
                public void onText(WebSocket socket, String text) {
                    throw new IllegalStateException("thrown twice");
                }

                @Override
                public void onError(WebSocket socket, Throwable error) {
                    throw (IllegalStateException) error;
                }
            });
            harness.receive(stream, RawFrame.text("a"));
            runGiven();
            harness.turn();
            harness.receive(stream, RawFrame.close(1011, ""));
            harness.end(stream);
            runGiven();
            assertThat(events.drain()).containsExactly("open", "close 1011");
            assertThat(log.lines()).hasSize(1).allMatch(line -> line.contains("thrown twice"));
        }
    }
}
