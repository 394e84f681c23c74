package dev.bowline.cli.bench;

import dev.bowline.websocket.WebSocket;
import dev.bowline.websocket.WebSocketListener;
import java.util.Arrays;

/** Each connection sends, gets the same back, and sends again. */
final class EchoLoad implements Load {
    private final Run run;
    private final EchoPeer[] peers;

    EchoLoad(Run run) {
        this.run = run;
        peers = new EchoPeer[run.options.connections()];
    }

    @Override
    public WebSocketListener listener(int number) {
        peers[number] = new EchoPeer(run);
        return peers[number];
    }

    @Override
    public void start() {
        if (run.options.rate() > 0) {
            Thread pacer = new Thread(new Pacer(run, peers, System.nanoTime()), "bowline-pacer");
            pacer.setDaemon(true);
            pacer.start();
        } // else each connection has begun when it was open, on its event loop, where all of its messages are sent
    }

    @Override
    public long outstanding() {
        return Arrays.stream(peers)
                .mapToLong(peer -> peer.outstanding(peer.sent))
                .sum();
    }

    /** One connection that echoes. */
    static final class EchoPeer extends Peer {
        private final boolean paced;
        // When each message in flight was due. Written by whoever sends, before it sends; read when the answer is
        // there.
        private final long[] due;
        private volatile long sent; // written by the one thread that sends: the pacer, or the event loop

        EchoPeer(Run run) {
            super(run);
            paced = run.options.rate() > 0;
            due = new long[run.options.inFlight()];
        }

        @Override
        public void onOpen(WebSocket opened) {
            super.onOpen(opened);
            for (int i = 0; i < due.length && !paced; i++) {
                sendNext(System.nanoTime());
            }
        }

        boolean hasRoom() {
            return sent - received() < due.length;
        }

        void sendNext(long dueNanos) {
            long number = sent;
            due[(int) (number % due.length)] = dueNanos;
            if (send(number)) {
                sent = number + 1;
            }
        }

        @Override
        void onMessage(long number, long nowNanos) {
            record(nowNanos - due[(int) (number % due.length)]);
            if (!paced) {
                sendNext(nowNanos);
            }
        }
    }
}
