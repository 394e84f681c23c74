package dev.bowline.cli.hook;

import java.lang.System.Logger.Level;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The events of one hook. Those of a key are delivered in order: each is posted until it is taken, refused for good or too old, and then
 * the next one has its turn. Those of different keys go side by side. Safe from any thread; no method but {@link #close} waits.
 */
final class HookQueue {
    private static final System.Logger LOG = System.getLogger(HookQueue.class.getName());

    static final int PARALLEL = 32;
    static final Duration FIRST_WAIT = Duration.ofSeconds(1);
    static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    /** However long the other end wants to be left alone. */
    static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

    private static final int MAX_DOUBLINGS = 16; // more than it takes to the longest wait

    private final HookOptions options;
    private final Poster poster;
    private final HookTimer timer;
    private final RandomGenerator random;
    private final RareLine dropLine;
    private final RareLine failLine;
    private final RareLine giveUpLine;

    private final LongAdder delivered = new LongAdder();
    private final LongAdder givenUp = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final LongAdder retries = new LongAdder();

    // Under the lock.
    private final Map<String, Lane> lanes = new HashMap<>(); // those that have events
    private final Deque<Lane> ready = new ArrayDeque<>(); // those whose first event may be posted
    private int count;
    private long bytes;
    private int underWay;
    private boolean paused;
    private long pausedUntil; // while it is
    private boolean closing; // nothing more is taken, or tried again
    private boolean closed; // nothing more is posted
    private boolean failing; // and the log has said so

    /** The events of a key; the first is ready, under way, or waits to be tried again. Under the lock. */
    private static final class Lane {
        private final String key;
        private final Deque<Event> events = new ArrayDeque<>();

        Lane(String key) {
            this.key = key;
        }
    }

    private static final class Event {
        private final String id;
        private final EventType type;
        private final byte[] body;
        private final long queuedNanos;
        private int attempts; // grows under the lock, before it is posted

        Event(String id, EventType type, byte[] body, long queuedNanos) {
            this.id = id;
            this.type = type;
            this.body = body;
            this.queuedNanos = queuedNanos;
        }
    }

    HookQueue(HookOptions options, Poster poster, HookTimer timer, RandomGenerator random) {
        this.options = options;
        this.poster = poster;
        this.timer = timer;
        this.random = random;
        this.dropLine = new RareLine(LOG, timer::nanoTime);
        this.failLine = new RareLine(LOG, timer::nanoTime);
        this.giveUpLine = new RareLine(LOG, timer::nanoTime);
    }

    Target target() {
        return options.target();
    }

    boolean wants(EventType type) {
        return options.events().contains(type);
    }

    // ---- What comes ----

    /** Whether there is room for an event at all; if not, it counts as dropped. */
    boolean hasRoom() {
        synchronized (this) {
            if (!closing && count < options.maxQueued()) {
                return true;
            }
        }
        drop();
        return false;
    }

    /**
     * Takes an event, or drops it.
     *
     * @param key whose events are to stay in order
     */
    void offer(String key, String id, EventType type, byte[] body) {
        synchronized (this) {
            if (!closing && count < options.maxQueued() && bytes + body.length <= options.maxQueuedBytes()) {
                Lane lane = lanes.get(key);
                if (lane == null) {
                    lane = new Lane(key);
                    lanes.put(key, lane);
                    ready.addLast(lane);
                }
                lane.events.addLast(new Event(id, type, body, timer.nanoTime()));
                count++;
                bytes += body.length;
                pump();
                return;
            }
        }
        drop();
    }

    private void drop() {
        dropped.increment();
        dropLine.say("there is no room for an event for the webhook " + target() + "; it is dropped");
    }

    // ---- What goes ----

    /** Posts what may be posted. Under the lock. */
    private void pump() {
        while (!closed && !paused && underWay < PARALLEL && !ready.isEmpty()) {
            Lane lane = ready.removeFirst();
            Event event = lane.events.getFirst();
            underWay++;
            event.attempts++;
            if (event.attempts > 1) {
                retries.increment();
            }
            CompletableFuture<?> unused = poster.post(target(), event.id, () -> event.body, BodyHandlers.discarding())
                    .whenComplete((response, failure) -> answered(lane, event, response, failure));
        }
    }

    private void answered(Lane lane, Event event, @Nullable HttpResponse<Void> response, @Nullable Throwable failure) {
        if (isClosed()) {
            return; // it counts among those that were left
        }
        int status = response == null ? 0 : response.statusCode();
        if (status / 100 == 2) {
            if (over(lane, true)) {
                LOG.log(Level.INFO, () -> "the webhook " + target() + " can be reached again");
            }
            delivered.increment();
            return;
        }
        String reason = failure == null ? "its status is " + status : Poster.reason(failure, target());
        long left = options.giveUpAfter().toNanos() - (timer.nanoTime() - event.queuedNanos);
        if (response != null && !isPassing(status)) {
            giveUp(lane, event, reason);
        } else if (left <= 0) {
            giveUp(lane, event, reason + ", and it is too old");
        } else {
            boolean said = failLine.say("the webhook " + target() + " fails: " + reason + "; it is tried again");
            later(
                    lane,
                    Math.min(waitNanos(event.attempts), left),
                    response == null ? 0 : retryAfterNanos(response),
                    said);
        }
    }

    /** Whether another attempt may do better: it was busy, or broken. */
    private static boolean isPassing(int status) {
        return status == 408 || status == 425 || status == 429 || status >= 500;
    }

    private void giveUp(Lane lane, Event event, String reason) {
        giveUpLine.say("an event for the webhook " + target() + " was given up, " + event.type.word() + " " + event.id
                + ": " + reason);
        over(lane, false);
        givenUp.increment();
    }

    /** The first event of a lane is done with; tells whether the log has said that the hook fails, and now it does not. */
    private synchronized boolean over(Lane lane, boolean taken) {
        Event event = lane.events.removeFirst();
        count--;
        bytes -= event.body.length;
        underWay--;
        if (lane.events.isEmpty()) {
            lanes.remove(lane.key);
        } else {
            ready.addLast(lane);
        }
        boolean again = taken && failing;
        failing &= !taken;
        pump();
        notifyAll();
        return again;
    }

    private synchronized void later(Lane lane, long waitNanos, long pauseNanos, boolean said) {
        underWay--;
        failing |= said;
        if (pauseNanos > 0) {
            pause(pauseNanos);
        }
        if (!closing) {
            timer.after(waitNanos, () -> again(lane));
        }
        pump();
        notifyAll();
    }

    private synchronized void again(Lane lane) {
        if (!closing) {
            ready.addLast(lane);
            pump();
        }
    }

    /** Half of it by chance, so that those who failed together do not come back together. */
    private long waitNanos(int attempts) {
        long longest = Math.min(LONGEST_WAIT.toNanos(), FIRST_WAIT.toNanos() << Math.min(attempts - 1, MAX_DOUBLINGS));
        return longest / 2 + random.nextLong(longest / 2 + 1);
    }

    // ---- When the other end wants to be left alone ----

    /** How long it wants that (RFC 9110 §10.2.3), within bounds; 0 where it does not say. */
    private long retryAfterNanos(HttpResponse<Void> response) {
        String value = response.headers().firstValue("retry-after").orElse("").strip();
        Duration wanted;
        try {
            wanted = value.matches("\\d{1,9}")
                    ? Duration.ofSeconds(Long.parseLong(value))
                    : Duration.between(
                            timer.now(),
                            ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                                    .toInstant());
        } catch (DateTimeParseException e) { // it is not there, or no time
            return 0;
        }
        if (wanted.isNegative()) {
            return 0;
        }
        return (wanted.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : wanted).toNanos();
    }

    /** Under the lock. */
    private void pause(long nanos) {
        long until = timer.nanoTime() + nanos;
        if (!paused || until - pausedUntil > 0) {
            paused = true;
            pausedUntil = until;
            timer.after(nanos, this::goOn);
        }
    }

    private synchronized void goOn() {
        if (timer.nanoTime() - pausedUntil >= 0) { // else there is a longer pause since
            paused = false;
            pump();
        }
    }

    // ---- The end ----

    /** Takes nothing more; what is to be tried again is left. */
    synchronized void stop() {
        closing = true;
    }

    /**
     * Ends it.
     *
     * @param deadlineNanos of {@link System#nanoTime}: so long it waits for what can go at once
     */
    void close(long deadlineNanos) throws InterruptedException {
        int left;
        synchronized (this) {
            closing = true;
            while (underWay > 0 || (!ready.isEmpty() && !paused)) {
                long millis = (deadlineNanos - System.nanoTime()) / 1_000_000;
                if (millis <= 0) {
                    break;
                }
                wait(millis);
            }
            closed = true;
            left = count;
        }
        if (left > 0) {
            LOG.log(
                    Level.WARNING,
                    () -> left + (left == 1 ? " event is" : " events are") + " left that the webhook " + target()
                            + " was not told");
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    // ---- Numbers ----

    long delivered() {
        return delivered.sum();
    }

    long givenUp() {
        return givenUp.sum();
    }

    long dropped() {
        return dropped.sum();
    }

    long retries() {
        return retries.sum();
    }

    synchronized int queued() {
        return count;
    }
}
