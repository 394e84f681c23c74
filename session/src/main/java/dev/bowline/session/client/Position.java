package dev.bowline.session.client;

import dev.bowline.session.wire.Cursor;

/** How far a topic was received (section 6.2). Not thread-safe. */
final class Position {
    private Cursor cursor;

    Position(Cursor cursor) {
        this.cursor = cursor;
    }

    Cursor cursor() {
        return cursor;
    }

    /** Whether the server goes on from where this is: everything else would be a loss without a word. */
    boolean goesOnAt(Cursor start) {
        return start.equals(cursor);
    }

    /** Whether an offset is the next one. */
    boolean isNext(long offset) {
        return offset == cursor.offset() + 1;
    }

    /** What came ends at this offset. */
    void moveTo(long offset) {
        cursor = new Cursor(cursor.epoch(), offset);
    }

    /** The topic goes on elsewhere. */
    void resetTo(Cursor elsewhere) {
        cursor = elsewhere;
    }

    @Override
    public String toString() {
        return cursor.toString();
    }
}
