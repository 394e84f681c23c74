package dev.bowline.cli.bench;

import dev.bowline.websocket.WebSocketListener;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The first connection sends a batch of messages in one go, and the next one when every connection has got all of them: for
 * servers that send what they get to all.
 */
final class BroadcastLoad implements Load {
    private final Run run;
    private final Subscriber[] peers;
    private final int batch;
    private final AtomicInteger behind = new AtomicInteger(); // connections that have not got the batch
    private volatile long sentNanos;
    private volatile long sent; // written by whoever publishes: one at a time, each after the one before

    BroadcastLoad(Run run) {
        this.run = run;
        peers = new Subscriber[run.options.connections()];
        batch = run.options.inFlight();
    }

    @Override
    public WebSocketListener listener(int number) {
        peers[number] = new Subscriber();
        return peers[number];
    }

    @Override
    public void start() {
        publish();
    }

    @Override
    public long outstanding() {
        long published = sent;
        return Arrays.stream(peers)
                .mapToLong(peer -> peer.outstanding(published))
                .sum();
    }

    private void publish() {
        behind.set(peers.length);
        sentNanos = System.nanoTime();
        for (int i = 0; i < batch; i++) {
            long number = sent;
            sent = number + 1; // first, as with the last one sent another event loop may publish the next batch
            if (!peers[0].send(number)) {
                sent = number;
                return;
            }
        }
    }

    /** One connection that listens. */
    private final class Subscriber extends Peer {
        private int ofBatch; // how many of the batch came

        Subscriber() {
            super(BroadcastLoad.this.run);
        }

        @Override
        void onMessage(long number, long nowNanos) {
            record(nowNanos - sentNanos);
            if (++ofBatch == batch) {
                ofBatch = 0;
                if (behind.decrementAndGet() == 0) {
                    publish();
                }
            }
        }
    }
}
