package dev.bowline.redis;

import dev.bowline.session.engine.Callback;
import dev.bowline.session.engine.Failure;
import dev.bowline.session.engine.Retention;
import dev.bowline.session.wire.Cursor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What a member appends: to each topic in the order in which it was given. One call at a time is on its way, as two could change places where
 * a server does not know the script yet, or a connection comes back; what waits meanwhile goes together in the next one. Safe from any
 * thread.
 */
final class Appends {
    /** How many messages go in one call; Redis does nothing else while it appends them. */
    static final int MAX_CALL_MESSAGES = 64;

    /** How many bytes go in one call, but for its first message. */
    static final int MAX_CALL_BYTES = 256 * 1024;

    /** How many bytes may wait. */
    private static final long MAX_WAITING_BYTES = 64L * 1024 * 1024;

    /** What a message takes besides its payload. */
    private static final int OVERHEAD_BYTES = 200;

    /** Appends messages in one step, as {@link RedisLog#append}. */
    interface Call {
        CompletionStage<List<@Nullable Cursor>> append(
                String topic, String name, Retention retention, List<RedisLog.Message> messages);
    }

    private record Append(String name, Retention retention, RedisLog.Message message, Callback<Cursor> done) {
        int bytes() {
            return OVERHEAD_BYTES + message.payload().size();
        }

        boolean goesWith(Append other) {
            return name.equals(other.name) && retention.equals(other.retention);
        }
    }

    private final RedisMember member;
    private final Call call;

    // Under the lock.
    private final Map<String, Deque<Append>> waiting = new HashMap<>(); // of each topic of which a call is on its way
    private long waitingBytes; // and on their way

    Appends(RedisMember member, Call call) {
        this.member = member;
        this.call = call;
    }

    void append(String topic, String name, Retention retention, RedisLog.Message message, Callback<Cursor> done) {
        Append append = new Append(name, retention, message, done);
        synchronized (this) {
            if (waitingBytes + append.bytes() > MAX_WAITING_BYTES) {
                member.execute(() -> done.failed(new Failure(Failure.UNAVAILABLE, "too much waits to be appended")));
                return;
            }
            waitingBytes += append.bytes();
            Deque<Append> others = waiting.get(topic);
            if (others != null) {
                others.addLast(append);
                return;
            }
            waiting.put(topic, new ArrayDeque<>(1));
        }
        send(topic, List.of(append));
    }

    /** Sends calls until one is on its way, or nothing waits. */
    private void send(String topic, List<Append> first) {
        List<Append> batch = first;
        while (!batch.isEmpty()) {
            List<Append> sent = batch;
            CompletionStage<List<@Nullable Cursor>> answer = called(topic, sent);
            if (!answer.toCompletableFuture().isDone()) {
                answer.whenComplete((places, failure) -> send(topic, settled(topic, sent, places, failure)));
                return;
            }
            batch = ended(topic, sent, answer.toCompletableFuture());
        }
    }

    private List<Append> ended(String topic, List<Append> batch, CompletableFuture<List<@Nullable Cursor>> answer) {
        try {
            return settled(topic, batch, answer.join(), null);
        } catch (CompletionException | CancellationException e) {
            return settled(topic, batch, null, e);
        }
    }

    /** A link that is closed throws. */
    private CompletionStage<List<@Nullable Cursor>> called(String topic, List<Append> batch) {
        Append first = batch.get(0);
        try {
            return call.append(
                    topic,
                    first.name,
                    first.retention,
                    batch.stream().map(Append::message).toList());
        } catch (RuntimeException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    /** A call has ended; what is to be sent next. */
    private List<Append> settled(
            String topic, List<Append> batch, @Nullable List<@Nullable Cursor> places, @Nullable Throwable failure) {
        for (int i = 0; i < batch.size(); i++) {
            Callback<Cursor> done = batch.get(i).done;
            Cursor place = places == null ? null : places.get(i);
            if (place != null) {
                member.execute(() -> done.done(place));
            } else {
                Failure told = failure == null ? Failures.NOT_KNOWN : Failures.of(failure);
                member.execute(() -> done.failed(told));
            }
        }
        return next(topic, batch);
    }

    private synchronized List<Append> next(String topic, List<Append> before) {
        before.forEach(append -> waitingBytes -= append.bytes());
        Deque<Append> others = Objects.requireNonNull(waiting.get(topic), "a call was on its way");
        List<Append> batch = new ArrayList<>();
        int bytes = 0;
        for (Append append = others.peekFirst(); append != null; append = others.peekFirst()) {
            bytes += append.bytes();
            boolean fits = batch.size() < MAX_CALL_MESSAGES && bytes <= MAX_CALL_BYTES;
            if (!batch.isEmpty() && !(fits && append.goesWith(batch.get(0)))) {
                break;
            }
            batch.add(others.removeFirst());
        }
        if (batch.isEmpty()) {
            waiting.remove(topic);
        }
        return batch;
    }
}
