package dev.bowline.websocket.internal.loop;

import dev.bowline.websocket.Histogram;
import dev.bowline.websocket.ServerStatistics.Traffic;

/**
 * What an event loop has done, and its connections there. Counted on that loop, but for {@link #refusedSend}; read by any thread, though the
 * loop be blocked.
 */
public final class LoopCounters {
    private static final int MESSAGES_RECEIVED = 0;
    private static final int BYTES_RECEIVED = 1;
    private static final int MESSAGES_SENT = 2;
    private static final int BYTES_SENT = 3;
    private static final int QUEUED_BYTES = 4;

    private final Counters counters = new Counters(QUEUED_BYTES + 1);
    private final Counters refusedSends = new Counters(1); // by itself, as other threads count there
    private final DurationCounter roundTrips = new DurationCounter();
    private final DurationCounter turns = new DurationCounter();
    private final DurationCounter lag = new DurationCounter();

    LoopCounters() {}

    // ---- Counting ----

    /** A message is given to a listener. */
    public void received() {
        counters.add(MESSAGES_RECEIVED, 1);
    }

    /** Frames, or parts of frames, came. */
    public void receivedBytes(long bytes) {
        counters.add(BYTES_RECEIVED, bytes);
    }

    /** A message was queued. */
    public void sent() {
        counters.add(MESSAGES_SENT, 1);
    }

    /** Frames, or parts of frames, were written. */
    public void sentBytes(long bytes) {
        counters.add(BYTES_SENT, bytes);
    }

    /** So much more waits to be sent, or less. */
    public void queuedBytes(long difference) {
        counters.add(QUEUED_BYTES, difference);
    }

    /** A message found no room; from any thread. */
    public void refusedSend() {
        refusedSends.addByAny(0);
    }

    /** A pong came to a ping of the heartbeat. */
    public void roundTrip(long nanos) {
        roundTrips.record(nanos);
    }

    /** A turn is over. */
    void turned(long nanos) {
        turns.record(nanos);
    }

    /** A timer was due, and so much later its turn has come. */
    void late(long nanos) {
        lag.record(nanos);
    }

    // ---- Reading, from any thread ----

    public Traffic receivedTraffic() {
        return new Traffic(counters.get(MESSAGES_RECEIVED), counters.get(BYTES_RECEIVED));
    }

    public Traffic sentTraffic() {
        return new Traffic(counters.get(MESSAGES_SENT), counters.get(BYTES_SENT));
    }

    public long queuedBytes() {
        return counters.get(QUEUED_BYTES);
    }

    public long refusedSends() {
        return refusedSends.get(0);
    }

    public Histogram roundTrips() {
        return roundTrips.read();
    }

    public Histogram turns() {
        return turns.read();
    }

    public Histogram lag() {
        return lag.read();
    }
}
