package dev.bowline.cli.bench;

import dev.bowline.websocket.WebSocketListener;

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
            Thread pacer = new Thread(new Pacer(run, peers), "bowline-pacer");
            pacer.setDaemon(true);
            pacer.start();
            return;
        }
        for (EchoPeer peer : peers) {
            for (int i = 0; i < run.options.inFlight(); i++) {
                peer.sendNext(System.nanoTime());
            }
        }
    }

    /** One connection that echoes. */
    static final class EchoPeer extends Peer {
        private final boolean paced;
        // When each message in flight was due. Written by whoever sends, before it sends; read when the answer is
        // there.
        private final long[] due;
        private long sent; // touched by whoever sends: at first, or always where it is paced, not the event loop

        EchoPeer(Run run) {
            super(run);
            paced = run.options.rate() > 0;
            due = new long[run.options.inFlight()];
        }

        boolean hasRoom() {
            return sent - received() < due.length;
        }

        void sendNext(long dueNanos) {
            due[(int) (sent % due.length)] = dueNanos;
            send(sent++);
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
