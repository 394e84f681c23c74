package dev.bowline.session.server;

/** Something that is to be woken at a time. Touched on the node's thread alone. */
abstract class Timed {
    static final long NEVER = Long.MAX_VALUE;

    /** The time that is so long after another one, or {@link #NEVER} where that is beyond all numbers. */
    static long later(long nowMillis, long millis) {
        return millis >= NEVER - nowMillis ? NEVER : nowMillis + millis;
    }

    // Of Timers alone.
    long scheduledMillis = NEVER;
    long order; // among those of one time
    int index; // where it stands; 0 where it does not

    /** When it wants to be woken; {@link #NEVER} for not at all. */
    abstract long deadlineMillis();

    /** It is that late, or later. */
    abstract void onTime(long nowMillis);
}
