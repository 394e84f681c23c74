package dev.bowline.cli.bench;

import java.util.BitSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends at a fixed rate: message n is due at n times the interval and goes to connection n modulo their number. One that can't
 * be sent when it is due, as its connection still waits for answers, is sent as soon as it can be, and its time counts from
 * when it was due: a server that pauses is not spared the messages of its pause (coordinated omission).
 *
 * <p>What is late is known by its connection alone, as its due time follows from its number: a long pause costs no memory and
 * makes no turn slower.
 */
final class Pacer implements Runnable {
    private static final long TICK_NANOS = 200_000;

    private final Run run;
    private final EchoLoad.EchoPeer[] peers;
    private final double intervalNanos;
    private final long beginNanos;
    private final long[] nextOf; // of each connection, the message that it is to send next
    private final BitSet late = new BitSet(); // the connections whose next message was due and not sent
    private long next; // the first message that was not due yet

    Pacer(Run run, EchoLoad.EchoPeer[] peers, long beginNanos) {
        this.run = run;
        this.peers = peers;
        this.beginNanos = beginNanos;
        intervalNanos = (double) TimeUnit.SECONDS.toNanos(1) / run.options.rate();
        nextOf = new long[peers.length];
        for (int i = 0; i < nextOf.length; i++) {
            nextOf[i] = i;
        }
    }

    @Override
    public void run() {
        while (!run.stage.isDraining()) {
            turn(System.nanoTime());
            LockSupport.parkNanos(TICK_NANOS);
        }
    }

    /** Sends what is late or due at this time, as far as connections have room. */
    void turn(long nowNanos) {
        for (int i = late.nextSetBit(0); i >= 0; i = late.nextSetBit(i + 1)) {
            sendDue(i);
        }
        for (; due(next) - nowNanos <= 0; next++) {
            int peer = (int) (next % peers.length);
            if (!late.get(peer) && !sendOne(peer)) {
                late.set(peer);
            }
        }
    }

    private void sendDue(int peer) {
        while (nextOf[peer] < next) {
            if (!sendOne(peer)) {
                return;
            }
        }
        late.clear(peer);
    }

    private boolean sendOne(int peer) {
        if (!peers[peer].hasRoom()) {
            return false;
        }
        peers[peer].sendNext(due(nextOf[peer]));
        nextOf[peer] += peers.length;
        return true;
    }

    private long due(long number) {
        return beginNanos + (long) (number * intervalNanos);
    }
}
