package dev.bowline.redis;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A session in a topic, as far as this process knows: what is wished, and what Redis has said. Touched under the lock of {@link Seats}. */
final class Seat {
    /** What can be said of a session; the letter is the script's. */
    enum Word {
        LEAVE("l"),
        /** It has come, at the time of the wish; unless it was said to be elsewhere since. */
        ENTER("e"),
        /** It is where it has been said to be since a stamp. Said again, it harms nobody who was said to have it since. */
        HOLD("h");

        private final String letter;

        Word(String letter) {
            this.letter = letter;
        }

        String letter() {
            return letter;
        }
    }

    /** A node that waits until what it said is in effect. */
    record Waiter(Watcher watcher, Runnable done) {
        void tell() {
            watcher.execute(done);
        }
    }

    final String session;
    final String user;

    /** Of the member that said so last. */
    int index;

    /** The latest wish. */
    boolean present;

    /** What is still to be said; null for nothing. */
    @Nullable
    Word next;

    /** When it was wished last that it is present, by the server's clock as estimated, in microseconds. */
    long wishedMicros;

    /** Whether nobody waits for that any more: the session may have moved since. */
    boolean late;

    /** Whether something is on its way. */
    boolean busy;

    /** The server's, of the last word that was confirmed; 0 for none. */
    long stamp;

    /** The stamp with which another process has said that it has the session; 0 for none. */
    long moved;

    /** Of the words that are still to be said. */
    List<Waiter> waiters = new ArrayList<>(1);

    Seat(String session, String user) {
        this.session = session;
        this.user = user;
    }

    /** Whether another process has it, as far as is known, and nothing newer is to be said. */
    boolean isElsewhere() {
        return moved > stamp && (next == null || next == Word.HOLD);
    }

    /** Whether it need not be known any more. */
    boolean isOver() {
        return !busy && ((!present && next == null) || isElsewhere());
    }
}
