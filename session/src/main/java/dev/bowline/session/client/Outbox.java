package dev.bowline.session.client;

import dev.bowline.session.wire.Payload;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The commands without a result: those that were sent in this session, by number, and behind them those that wait. Not
 * thread-safe.
 */
final class Outbox {
    private final long maxBytes;
    private final TreeMap<Long, Pending> sent = new TreeMap<>();
    private final Deque<Pending> waiting = new ArrayDeque<>();
    private long lastSeq;
    private long sentBytes;
    private long waitingBytes;

    Outbox(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** The highest number that was given in this session. */
    long lastSeq() {
        return lastSeq;
    }

    /** The bytes of all commands without a result. */
    long bytes() {
        return sentBytes + waitingBytes;
    }

    boolean hasRoomFor(Pending command) {
        return bytes() + command.bytes() <= maxBytes;
    }

    /** Puts a command behind all others, whatever room there is. */
    void add(Pending command) {
        waiting.addLast(command);
        waitingBytes += command.bytes();
    }

    /** Puts commands before those that wait, whatever room there is. */
    void first(List<Pending> commands) {
        for (int i = commands.size() - 1; i >= 0; i--) {
            waiting.addFirst(commands.get(i));
            waitingBytes += commands.get(i).bytes();
        }
    }

    /**
     * Sends what waits, as far as the server's limits go.
     *
     * @param maxPending how many commands may be without a result
     * @param maxPendingBytes how many bytes of them; a single command may be larger
     */
    void send(long maxPending, long maxPendingBytes, Consumer<Payload> wire) {
        while (!waiting.isEmpty()
                && sent.size() < maxPending
                && (sent.isEmpty() || sentBytes + waiting.getFirst().bytes() <= maxPendingBytes)) {
            Pending next = waiting.removeFirst();
            waitingBytes -= next.bytes();
            sentBytes += next.bytes();
            sent.put(++lastSeq, next);
            wire.accept(next.number(lastSeq));
        }
    }

    /** Sends again, on another connection, what the server has not handled. */
    void resend(long handled, Consumer<Payload> wire) {
        sent.tailMap(handled, false).values().forEach(command -> wire.accept(command.wire()));
    }

    /** The command with that number; null if it has its result, or never was. */
    @Nullable
    Pending find(long seq) {
        return sent.get(seq);
    }

    /** Takes out the command with that number, which has its result now. */
    @Nullable
    Pending settle(long seq) {
        Pending settled = sent.remove(seq);
        if (settled != null) {
            sentBytes -= settled.bytes();
        }
        return settled;
    }

    /** Takes out a command that was never sent; false if it was. */
    boolean withdraw(Pending command) {
        boolean withdrawn = waiting.remove(command);
        if (withdrawn) {
            waitingBytes -= command.bytes();
        }
        return withdrawn;
    }

    /** Calls the action with each command that was sent. */
    void forEachSent(Consumer<Pending> action) {
        sent.values().forEach(action);
    }

    /** Begins a new session: numbers begin anew. Returns what was sent in the old one and has no result. */
    List<Pending> restart() {
        List<Pending> lost = new ArrayList<>(sent.values());
        sent.clear();
        sentBytes = 0;
        lastSeq = 0;
        return lost;
    }

    /** Takes out what waits, as far as it is asked for. */
    List<Pending> withdrawAll(Predicate<Pending> which) {
        List<Pending> withdrawn = new ArrayList<>();
        waiting.removeIf(command -> {
            if (which.test(command)) {
                withdrawn.add(command);
                waitingBytes -= command.bytes();
                return true;
            }
            return false;
        });
        return withdrawn;
    }
}
