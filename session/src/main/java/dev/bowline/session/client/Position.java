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

    /** What it comes to that the server says where it goes on. */
    enum Word {
        /** It goes on from where it is, be it that the epoch has another name. */
        RIGHT,
        /** It goes on there, and whether what came behind that is in the log is not known any more. */
        DOUBTFUL,
        /** It may not: this would be a loss without a word. */
        WRONG
    }

    /** The server goes on there. It must be from where this is, if it knows. */
    Word goesOnAt(Cursor start) {
        boolean ahead = start.epoch().equals(cursor.epoch()) && start.offset() > cursor.offset();
        if (leftOut && !ahead) {
            leftOut = false;
            repeating = start.equals(cursor) ? null : start;
            return Word.RIGHT;
        }
        return start.offset() == servers().offset() && !(repeating != null && ahead) ? rename(start) : Word.WRONG;
    }

    /** The log goes on in another epoch, with all that the server has sent up to where it is. */
    private Word rename(Cursor start) {
        if (repeating == null) {
            cursor = start;
            return Word.RIGHT;
        }
        boolean known = start.epoch().equals(cursor.epoch()) || start.equals(repeating);
        if (!known) { // the server can't tell whether the log has what came behind that, for it was not told of it
            cursor = start;
        }
        repeating = start.equals(cursor) ? null : start;
        return known ? Word.RIGHT : Word.DOUBTFUL;
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
