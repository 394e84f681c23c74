package dev.bowline.cli.bench;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends at a fixed rate: message n is due at n times the interval and goes to connection n modulo their number. One that can't
 * be sent when it is due, as its connection still waits for answers, is sent as soon as it can be, and its time counts from
 * when it was due: a server that pauses is not spared the messages of its pause (coordinated omission).
 */
final class Pacer implements Runnable {
    private static final long TICK_NANOS = 200_000;

    private record Late(EchoLoad.EchoPeer peer, long dueNanos) {}

    private final Run run;
    private final EchoLoad.EchoPeer[] peers;
    private final double intervalNanos;
    private final ArrayDeque<Late> late = new ArrayDeque<>();

    Pacer(Run run, EchoLoad.EchoPeer[] peers) {
        this.run = run;
        this.peers = peers;
        this.intervalNanos = (double) TimeUnit.SECONDS.toNanos(1) / run.options.rate();
    }

    @Override
    public void run() {
        long begin = System.nanoTime();
        for (long next = 0; !run.stage.isOver(); ) {
            long now = System.nanoTime();
            sendLate();
            for (long due; (due = begin + (long) (next * intervalNanos)) - now <= 0; next++) {
                EchoLoad.EchoPeer peer = peers[(int) (next % peers.length)];
                if (peer.hasRoom()) {
                    peer.sendNext(due);
                } else {
                    late.add(new Late(peer, due));
                }
            }
            LockSupport.parkNanos(TICK_NANOS);
        }
    }

    private void sendLate() {
        for (Iterator<Late> waiting = late.iterator(); waiting.hasNext(); ) {
            Late one = waiting.next();
            if (one.peer().hasRoom()) {
                one.peer().sendNext(one.dueNanos());
                waiting.remove();
            }
        }
    }
}
