package dev.bowline.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Keeps events in the order they happened, and insists that the test accounts for every one of them.
 *
 * <p>Register it as an extension, or use it in a try-with-resources; either way a test that leaves events unconsumed fails:
 *
 * <pre>{@code
 * @RegisterExtension
 * final Recorder<String> events = new Recorder<>();
 *
 * socket.onText(text -> events.record("text " + text));
 * events.expect("text Hello");
 * }</pre>
 *
 * <p>Any thread may record; one thread, the test's, consumes. A wait that finds nothing fails after ten seconds, or the time
 * given.
 *
 * @param <E> the type of the events; {@code toString} and {@code equals} should say something
 */
public final class Recorder<E> implements AfterEachCallback, AutoCloseable {
    private final BlockingQueue<E> events = new LinkedBlockingQueue<>();

    /** A recorder without events. */
    public Recorder() {}

    /** Appends an event. Never blocks. */
    public void record(E event) {
        events.add(event);
    }

    /** Removes and returns the oldest event, waiting up to ten seconds for it. */
    public E take() {
        return take(Await.DEFAULT);
    }

    /** Removes and returns the oldest event, waiting up to {@code atMost} for it. */
    public E take(Duration atMost) {
        return next(atMost, "an event");
    }

    /** Takes the oldest event, which must equal {@code expected}. */
    public void expect(E expected) {
        E event = next(Await.DEFAULT, String.valueOf(expected));
        if (!event.equals(expected)) {
            throw mismatch(String.valueOf(expected), event);
        }
    }

    /** Takes the oldest event, which must satisfy {@code predicate}; {@code description} says in a failure what was expected. */
    public E expect(Predicate<? super E> predicate, String description) {
        E event = next(Await.DEFAULT, description);
        if (!predicate.test(event)) {
            throw mismatch(description, event);
        }
        return event;
    }

    /** Takes the oldest event, which must be of the given type. */
    public <T extends E> T expect(Class<T> type) {
        return type.cast(expect(type::isInstance, "a " + type.getSimpleName()));
    }

    /** The number of events not yet consumed. */
    public int size() {
        return events.size();
    }

    /** Removes and returns all events recorded so far, oldest first. */
    public List<E> drain() {
        List<E> all = new ArrayList<>();
        events.drainTo(all);
        return all;
    }

    /** Fails if an event was not consumed. Says nothing about events still to come. */
    public void assertEmpty() {
        List<E> left = List.copyOf(events);
        if (!left.isEmpty()) {
            throw new AssertionError("events not accounted for: " + left);
        }
    }

    /** The same as {@link #assertEmpty}. */
    @Override
    public void close() {
        assertEmpty();
    }

    /** {@link #assertEmpty}, unless the test failed already: then its own failure is the one to read. */
    @Override
    public void afterEach(ExtensionContext context) {
        if (context.getExecutionException().isEmpty()) {
            assertEmpty();
        }
    }

    private E next(Duration atMost, String expected) {
        E event = poll(atMost);
        if (event == null) {
            throw new AssertionError("expected " + expected + ", but nothing came within " + Await.text(atMost));
        }
        return event;
    }

    private @Nullable E poll(Duration atMost) {
        try {
            return events.poll(atMost.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for an event", e);
        }
    }

    private AssertionError mismatch(String expected, E event) {
        return new AssertionError("expected " + expected + ", but came " + event + "; then " + List.copyOf(events));
    }

    @Override
    public String toString() {
        return "Recorder" + events;
    }
}
