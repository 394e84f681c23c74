package dev.bowline.redis;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a process says of a topic's sessions in one step.
 *
 * @param number it grows with each list of the process: one that comes again, or behind a later one, has no effect
 * @param forget null; or there are no wishes, and the topic is no longer one of those that the process has under this name
 */
record SeatList(long number, List<Wish> wishes, @Nullable String forget) {
    /**
     * What is said of a session. Those that leave come first, as they make room.
     *
     * @param waiters touched under the lock of {@link Seats}
     */
    record Wish(Seat seat, Seat.Word word, int index, long stamp, List<Seat.Waiter> waiters)
            implements Comparable<Wish> {
        /** Takes over what is to be said of a seat; under the lock. */
        static Wish of(Seat seat) {
            Seat.Word word = seat.next == null ? Seat.Word.HOLD : seat.next;
            long stamp = word == Seat.Word.ENTER ? seat.wishedMicros : seat.stamp;
            Wish wish = new Wish(seat, word, seat.index, stamp, seat.waiters);
            if (seat.late) {
                wish = wish.late();
            }
            seat.next = null;
            seat.busy = true;
            seat.waiters = new ArrayList<>(1);
            return wish;
        }

        /** It no longer counts for more than what others said since it was wished. */
        Wish late() {
            return word == Seat.Word.ENTER ? new Wish(seat, Seat.Word.HOLD, index, stamp, waiters) : this;
        }

        @Override
        public int compareTo(Wish other) {
            return word.compareTo(other.word);
        }
    }

    /** The same, when nobody waits for it any more: sessions may have moved since. */
    SeatList late() {
        return new SeatList(number, wishes.stream().map(Wish::late).toList(), forget);
    }

    /** As the script wants them. */
    byte[][] arguments(String topic, String process, String epoch, Keys keys) {
        List<String> arguments = new ArrayList<>(List.of(
                process,
                Long.toString(number),
                epoch,
                keys.presenceChannel(topic),
                Long.toString(Seats.KEEP_MILLIS),
                keys.processChannels(),
                topic));
        wishes.forEach(wish -> arguments.addAll(List.of(
                wish.word.letter(),
                wish.seat.session,
                Integer.toString(wish.index),
                wish.seat.user,
                Long.toString(wish.stamp))));
        return arguments.stream().map(RedisLink::bytes).toArray(byte[][]::new);
    }
}
