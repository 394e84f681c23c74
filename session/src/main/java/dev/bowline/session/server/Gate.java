package dev.bowline.session.server;

import dev.bowline.session.engine.Entry;
import dev.bowline.session.wire.Payload;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Holds back what goes to a client until all is kept that came before it ({@link Keeper}); so all of it stays in order. Touched on the
 * node's thread alone.
 */
final class Gate implements Link {
    /** How much is held before messages of topics wait in their logs. */
    private static final long MAX_HELD_BYTES = 64 * 1024;

    private record Held(long piece, long bytes, Runnable action) {}

    private final Link link;
    private final Keeper keeper;
    private final Deque<Held> held = new ArrayDeque<>(0);
    private long bytes;

    Gate(Link link, Keeper keeper) {
        this.link = link;
        this.keeper = keeper;
    }

    private boolean isOpen() {
        return held.isEmpty() && keeper.pending() == 0;
    }

    private void hold(long size, Runnable action) {
        held.addLast(new Held(keeper.pending(), size, action));
        bytes += size;
    }

    @Override
    public void send(Payload message) {
        if (isOpen()) {
            link.send(message);
        } else {
            hold(message.size(), () -> link.send(message));
        }
    }

    @Override
    public void send(List<Entry> entries) {
        if (isOpen()) {
            link.send(entries);
        } else {
            long size = 0;
            for (Entry entry : entries) {
                size += entry.bytes();
            }
            hold(size, () -> link.send(entries));
        }
    }

    /** Does something behind what is held. */
    void then(Runnable action) {
        if (held.isEmpty()) {
            action.run();
        } else {
            hold(0, action);
        }
    }

    /** Everything up to a piece is kept. */
    void open(long piece) {
        while (!held.isEmpty() && held.getFirst().piece <= piece) {
            Held first = held.removeFirst();
            bytes -= first.bytes;
            first.action.run();
        }
    }

    @Override
    public boolean hasRoom() {
        return bytes < MAX_HELD_BYTES && link.hasRoom();
    }

    /** What is held does not go out: a client that comes back gets it from the direct log. */
    @Override
    public void close(int code, String reason) {
        held.clear();
        bytes = 0;
        link.close(code, reason);
    }
}
