package dev.bowline.session.server;

import dev.bowline.session.engine.SessionMessage.Receipt;
import dev.bowline.session.wire.Payload;
import dev.bowline.session.wire.ServerMessage;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** A session's direct log, as its node counts it ({@link DirectBudget}) and as it is kept ({@link Keeper}). Touched as its session is. */
final class DirectMessages {
    private final Session session;
    private final Keeper keeper;
    private final DirectLog log;
    private long counted; // of its bytes, by the node

    DirectMessages(Session session, Keeper keeper, long maxBytes) {
        this.session = session;
        this.keeper = keeper;
        this.log = new DirectLog(maxBytes);
    }

    /** The highest number that was given. */
    long last() {
        return log.last();
    }

    long bytes() {
        return log.bytes();
    }

    /** How many were not acknowledged. */
    int unacknowledged() {
        return log.count();
    }

    /** Whether there is room for what can wait. */
    boolean hasRoom() {
        return log.hasRoom();
    }

    /** Whether the client can have seen a message: one that was sent and, if it forgot it, is kept. */
    boolean canResumeBehind(long seen) {
        return seen <= log.last() && seen >= log.first() - 1;
    }

    /** As {@link DirectLog#append}. */
    @Nullable
    Payload append(LongFunction<? extends ServerMessage.Direct> message, @Nullable Receipt receipt) {
        Payload wire = log.append(message, receipt);
        if (wire == null) {
            return null;
        }
        count();
        if (keeper.isOn()) {
            keeper.put(SessionParts.message(log.last()), wire.pack());
            String address = receipt == null ? null : receipt.address();
            if (address != null) {
                keeper.put(SessionParts.receipt(log.last()), SessionParts.utf8(address));
            }
        }
        return wire;
    }

    /** As {@link DirectLog#acknowledge}. */
    List<Receipt> acknowledge(long upTo) {
        if (keeper.isOn()) {
            for (long n = log.first(); n <= upTo; n++) {
                keeper.drop(SessionParts.message(n));
                keeper.drop(SessionParts.receipt(n));
            }
        }
        List<Receipt> due = log.acknowledge(upTo);
        count();
        return due;
    }

    void forEach(Consumer<Payload> action) {
        log.forEach(action);
    }

    /** Those whose messages were not acknowledged. */
    List<Receipt> receipts() {
        return log.receipts();
    }

    // ---- The node's budget ----

    /** The node counts what there is. */
    void count() {
        session.node().directBudget().add(log.bytes() - counted);
        counted = log.bytes();
    }

    /** The node has no part in it any more. */
    void leaveBudget() {
        session.node().directBudget().notAway(session);
        session.node().directBudget().add(-counted);
        counted = 0;
    }

    // ---- What is kept ----

    /** All that is to be kept of it, but for the last number. */
    void addTo(Map<String, byte[]> parts) {
        log.addTo(parts);
    }

    /** Has what was kept. */
    void restore(long last, Map<String, byte[]> parts) {
        Map<Long, String> receipts = SessionParts.receipts(parts);
        log.restore(last, SessionParts.messages(parts), n -> {
            String address = receipts.get(n);
            return address == null ? null : session.node().engine().bus().receipt(address);
        });
    }
}
