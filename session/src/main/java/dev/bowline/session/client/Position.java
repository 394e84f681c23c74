package dev.bowline.session.client;

import dev.bowline.session.wire.Cursor;
import org.jspecify.annotations.Nullable;

/** How far a topic was received (section 6.2). Not thread-safe. */
final class Position {
    private Cursor cursor;
    private boolean leftOut; // of this connection's hello, and the server has not said yet where it goes on
    private @Nullable Cursor repeating; // where the server is, as long as it sends what came before

    Position(Cursor cursor) {
        this.cursor = cursor;
    }

    Cursor cursor() {
        return cursor;
    }

    /** The server is told where this is. */
    void named() {
        leftOut = false;
        repeating = null;
    }

    /** The server is not told: it goes on from where the subscription began. */
    void leftOut() {
        leftOut = true;
        repeating = null;
    }

    private Cursor servers() {
        return repeating == null ? cursor : repeating;
    }

    /** Whether the server may go on there. It must be from where this is, if it knows: everything else would be a loss without a word. */
    boolean goesOnAt(Cursor start) {
        boolean ahead = start.epoch().equals(cursor.epoch()) && start.offset() > cursor.offset();
        if (!leftOut || ahead) {
            return start.equals(servers());
        }
        leftOut = false;
        repeating = start.equals(cursor) ? null : start;
        return true;
    }

    /** Whether an offset is the next one that the server sends. */
    boolean isNext(long offset) {
        Cursor behind = servers();
        return offset == behind.offset() + 1 && behind.epoch().equals(cursor.epoch());
    }

    /** The next that came ends at this offset; false if all of it came before. */
    boolean moveTo(long offset) {
        boolean isNew = offset > cursor.offset();
        Cursor moved = new Cursor(cursor.epoch(), offset);
        repeating = offset < cursor.offset() ? moved : null;
        if (isNew) {
            cursor = moved;
        }
        return isNew;
    }

    /** The topic goes on elsewhere; false if that came before. */
    boolean resetTo(Cursor elsewhere) {
        boolean cameBefore =
                repeating != null && elsewhere.epoch().equals(cursor.epoch()) && elsewhere.offset() <= cursor.offset();
        repeating = cameBefore && !elsewhere.equals(cursor) ? elsewhere : null;
        if (!cameBefore) {
            cursor = elsewhere;
        }
        return !cameBefore;
    }

    @Override
    public String toString() {
        return servers().toString();
    }
}
