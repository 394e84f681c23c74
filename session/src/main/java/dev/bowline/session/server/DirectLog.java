package dev.bowline.session.server;

import dev.bowline.session.engine.SessionMessage.Receipt;
import dev.bowline.session.wire.Payload;
import dev.bowline.session.wire.ServerMessage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** What a session was told alone and has not acknowledged (section 5). Not thread-safe. */
final class DirectLog {
    /** What an entry takes beside its message. */
    private static final int ENTRY_BYTES = 64;

    private record Kept(long n, Payload message, @Nullable Receipt receipt) {
        int bytes() {
            return message.size() + ENTRY_BYTES;
        }
    }

    private final long maxBytes;
    private final Deque<Kept> kept = new ArrayDeque<>(2);
    private long last; // the highest number that was given
    private long bytes;

    DirectLog(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** The highest number that was given. */
    long last() {
        return last;
    }

    long bytes() {
        return bytes;
    }

    /** How many messages are kept. */
    int count() {
        return kept.size();
    }

    /** Whether there is room for messages that can wait, such as those of streams. */
    boolean hasRoom() {
        return bytes <= maxBytes / 2;
    }

    /**
     * Appends a message, and returns it as it goes out; null if there is no room. A message of any size finds room in an empty
     * log.
     */
    @Nullable
    Payload append(LongFunction<? extends ServerMessage.Direct> message, @Nullable Receipt receipt) {
        Kept next = new Kept(last + 1, message.apply(last + 1).toWire(), receipt);
        if (!kept.isEmpty() && bytes + next.bytes() > maxBytes) {
            return null;
        }
        last++;
        kept.addLast(next);
        bytes += next.bytes();
        return next.message;
    }

    /** Has what another node had: messages by number, and their receipts. */
    void restore(long highest, Map<Long, Payload> messages, LongFunction<@Nullable Receipt> receipts) {
        last = highest;
        messages.forEach((n, message) -> {
            Kept one = new Kept(n, message, receipts.apply(n));
            kept.addLast(one);
            bytes += one.bytes();
        });
    }

    /** Everything up to a number has come: it need not be kept. Returns whose receipts are due. */
    List<Receipt> acknowledge(long n) {
        List<Receipt> due = new ArrayList<>(0);
        while (!kept.isEmpty() && kept.getFirst().n <= n) {
            Kept first = kept.removeFirst();
            bytes -= first.bytes();
            if (first.receipt != null) {
                due.add(first.receipt);
            }
        }
        return due;
    }

    /** The lowest number that is kept; one more than the last if none is. */
    long first() {
        return kept.isEmpty() ? last + 1 : kept.getFirst().n;
    }

    void forEach(Consumer<Payload> action) {
        kept.forEach(one -> action.accept(one.message));
    }

    /** All that is to be kept of it, but for the last number. */
    void addTo(Map<String, byte[]> parts) {
        kept.forEach(one -> {
            parts.put(SessionParts.message(one.n), one.message.pack());
            String address = one.receipt == null ? null : one.receipt.address();
            if (address != null) {
                parts.put(SessionParts.receipt(one.n), SessionParts.utf8(address));
            }
        });
    }

    /** Those whose messages were not acknowledged. */
    List<Receipt> receipts() {
        List<Receipt> open = new ArrayList<>(0);
        kept.forEach(one -> {
            if (one.receipt != null) {
                open.add(one.receipt);
            }
        });
        return open;
    }
}
