package dev.bowline.redis;

import dev.bowline.session.engine.Callback;
import dev.bowline.session.engine.Failure;
import dev.bowline.session.wire.Cursor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * What a member appends: to each topic one after the other. More than one at a time could change places, where a server does not know the
 * script yet, or a connection comes back; and a log takes a number below its publisher's last one for a message that it has. Safe from
 * any thread.
 */
final class Appends {
    /** How many bytes may wait. */
    private static final long MAX_WAITING_BYTES = 64L * 1024 * 1024;

    private record Append(int bytes, Supplier<CompletionStage<Cursor>> action, Callback<Cursor> done) {}

    private final RedisMember member;

    // Under the lock.
    private final Map<String, Deque<Append>> waiting = new HashMap<>(); // the first of each is on its way
    private long waitingBytes;

    Appends(RedisMember member) {
        this.member = member;
    }

    void append(String topic, int bytes, Supplier<CompletionStage<Cursor>> action, Callback<Cursor> done) {
        Append append = new Append(bytes, action, done);
        synchronized (this) {
            if (waitingBytes + bytes > MAX_WAITING_BYTES) {
                member.execute(() -> done.failed(new Failure(Failure.UNAVAILABLE, "too much waits to be appended")));
                return;
            }
            waitingBytes += bytes;
            Deque<Append> all = waiting.computeIfAbsent(topic, name -> new ArrayDeque<>(1));
            all.addLast(append);
            if (all.size() > 1) {
                return;
            }
        }
        begin(topic, append);
    }

    private void begin(String topic, Append append) {
        member.answer(append.action.get(), append.done).whenComplete((place, failure) -> {
            Append next;
            synchronized (this) {
                waitingBytes -= append.bytes;
                Deque<Append> all = Objects.requireNonNull(waiting.get(topic), "it is on its way");
                all.removeFirst();
                next = all.peekFirst();
                if (next == null) {
                    waiting.remove(topic);
                }
            }
            if (next != null) {
                begin(topic, next);
            }
        });
    }
}
