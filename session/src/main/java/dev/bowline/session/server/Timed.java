package dev.bowline.session.server;

/** Something that is to be woken at a time. Touched on the node's thread alone. */
abstract class Timed {
    static final long NEVER = Long.MAX_VALUE;

    /** The time that is so long after another one, or {@link #NEVER} where that is beyond all numbers. */
    static long later(long nowMillis, long millis) {
        return millis >= NEVER - nowMillis ? NEVER : nowMillis + millis;
    }

    long scheduledMillis = NEVER; // when it stands in the queue of Timers

    /** When it wants to be woken; {@link #NEVER} for not at all. */
    abstract long deadlineMillis();

    /** It is that late, or later. */
    abstract void onTime(long nowMillis);
}
