package dev.bowline.verification.soak;

import dev.bowline.codec.CloseEvent;
import dev.bowline.codec.PreparedMessage;
import dev.bowline.testkit.Seeded;
import dev.bowline.verification.soak.Ledger.Count;
import dev.bowline.websocket.Backoff;
import dev.bowline.websocket.ClientOptions;
import dev.bowline.websocket.ReconnectListener;
import dev.bowline.websocket.ReconnectOptions;
import dev.bowline.websocket.ReconnectingWebSocket;
import dev.bowline.websocket.WebSocket;
import dev.bowline.websocket.WebSocketClient;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A client that reconnects: its messages go on over any number of connections, where some may be lost, but none comes twice
 * or out of order.
 */
final class Returner implements ReconnectListener {
    private record Sent(long number, boolean text, int size) {}

    private static final int MAX_UNDER_WAY = 5_000;

    private final Ledger ledger;
    private final Seeded random; // touched by the driver
    private final long name;
    private final long user;

    // Guarded by this object's lock.
    private final Deque<Sent> underWay = new ArrayDeque<>();
    private long next;
    private long lastFromServer = -1;
    private boolean open;
    private boolean over;
    private boolean ending;
    private @Nullable ReconnectingWebSocket socket;

    Returner(Ledger ledger, Seeded random, long name, long user) {
        this.ledger = ledger;
        this.random = random;
        this.name = name;
        this.user = user;
    }

    void start(WebSocketClient client, URI uri, ClientOptions options) {
        ReconnectingWebSocket begun = client.keepConnected(
                uri,
                this,
                ReconnectOptions.builder()
                        .client(options)
                        .backoff(new Backoff(Duration.ofMillis(50), 2, Duration.ofSeconds(2)))
                        .random(new java.util.SplittableRandom(random.nextLong()))
                        .build());
        synchronized (this) {
            socket = begun;
        }
    }

    synchronized boolean isOver() {
        return over;
    }

    void step() {
        ReconnectingWebSocket to = present();
        if (to == null) {
            return;
        }
        if (random.chance(1)) {
            endNow();
            return;
        }
        if (random.chance(5)) {
            to.connection().ifPresent(WebSocket::terminate);
            return;
        }
        boolean text = random.nextBoolean();
        boolean prepared = random.chance(10);
        int size = random.intBetween(1, 5_000);
        synchronized (this) {
            if (underWay.size() < MAX_UNDER_WAY
                    && Life.send(to, Content.of('R', name, next, text, size), text, prepared)
                            .isAccepted()) {
                underWay.add(new Sent(next++, text, size));
                ledger.count(Count.SENT);
            }
        }
    }

    private synchronized @Nullable ReconnectingWebSocket present() {
        return ending ? null : socket;
    }

    void endNow() {
        ReconnectingWebSocket to = present();
        if (to != null) {
            synchronized (this) {
                ending = true;
            }
            to.close();
        }
    }

    @Override
    public synchronized void onOpen(WebSocket opened) {
        if (open || over) {
            complain("onOpen without onClose before it, or after onEnd");
        }
        open = true;
        ledger.count(Count.OPENED);
        ledger.count(Count.RETURNS);
    }

    @Override
    public void onTextBytes(WebSocket from, ByteBuffer utf8) {
        receive(utf8, true);
    }

    @Override
    public void onBinary(WebSocket from, ByteBuffer data) {
        receive(data, false);
    }

    private synchronized void receive(ByteBuffer message, boolean text) {
        if (!open) {
            complain("a message came while there was no connection");
        }
        char kind = Content.kind(message);
        if (kind == 'B' || kind == 'U') {
            lastFromServer = Life.fromServer(ledger, this::toString, message, text, user, lastFromServer);
            return;
        }
        long number = Content.number(message);
        Sent sent = underWay.poll();
        while (sent != null && sent.number() < number) {
            sent = underWay.poll(); // those before it were lost with a connection
        }
        if (sent == null
                || sent.number() != number
                || sent.text() != text
                || !message.equals(ByteBuffer.wrap(Content.of('R', name, number, text, sent.size())))) {
            complain("wanted " + sent + ", and got " + Content.describe(message));
        }
        ledger.count(Count.ECHOED);
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        complain("onError: " + error);
    }

    @Override
    public synchronized void onClose(WebSocket closed, CloseEvent event) {
        if (!open) {
            complain("onClose without onOpen");
        }
        open = false;
        ledger.count(Count.CLOSED);
        if (event.wasClean()) {
            ledger.count(Count.CLEAN);
        }
        Ends.consistent(event).ifPresent(this::complain);
    }

    @Override
    public synchronized void onEnd(ReconnectingWebSocket ended, CloseEvent event, List<PreparedMessage> undelivered) {
        if (over || open || !ending) {
            complain("onEnd, and over is " + over + ", open " + open + ", ending " + ending + ": " + event);
        }
        over = true;
        // What comes back was never sent: it is the last of what was accepted, in order.
        int kept = undelivered.size();
        while (underWay.size() > kept) {
            underWay.poll();
        }
        for (PreparedMessage message : undelivered) {
            Sent sent = underWay.poll();
            if (sent == null || Content.number(message.payload()) != sent.number()) {
                complain("came back undelivered, out of order: " + Content.describe(message.payload()));
            }
        }
    }

    private void complain(String what) {
        ledger.complain(this + ": " + what);
    }

    @Override
    public String toString() {
        return "returner " + name;
    }
}
