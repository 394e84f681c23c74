package dev.bowline.verification.soak;

import dev.bowline.codec.CloseEvent;
import dev.bowline.codec.PreparedMessage;
import dev.bowline.testkit.Seeded;
import dev.bowline.verification.soak.Ledger.Count;
import dev.bowline.websocket.MessageSender;
import dev.bowline.websocket.SendResult;
import dev.bowline.websocket.WebSocket;
import dev.bowline.websocket.WebSocketListener;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a Bowline client from its opening to its end: sends what its random source says, and wants every echo
 * back, whole and in order, but for what was under way when the line was cut; and one end, of a kind that fits.
 */
final class Life implements WebSocketListener {
    /** What is under way at most; beyond it, nothing is sent until echoes come. */
    private static final int MAX_UNDER_WAY = 1 << 20;

    private record Sent(long number, boolean text, int size) {}

    private final Ledger ledger;
    private final Host host;
    private final Seeded random;
    private final long name;
    private final long user;
    private final boolean direct; // no proxy in between
    private final int epoch;
    private int stepsLeft; // touched by the driver

    // Guarded by this object's lock.
    private final Deque<Sent> underWay = new ArrayDeque<>();
    private int bytesUnderWay;
    private long next;
    private long lastFromServer = -1;
    private int opens;
    private int closes;
    private @Nullable WebSocket socket;
    private @Nullable Ends ends;
    private int code;

    /** @param direct whether nothing but loopback lies between it and the server */
    Life(Ledger ledger, Host host, Seeded random, long name, long user, boolean direct) {
        this.ledger = ledger;
        this.host = host;
        this.random = random;
        this.name = name;
        this.user = user;
        this.direct = direct;
        this.epoch = host.epoch();
        this.stepsLeft = random.intBetween(1, 40);
    }

    /** Whether nothing but this life's own doings can have ended it. */
    boolean undisturbed() {
        return direct && host.undisturbedSince(epoch);
    }

    synchronized boolean isOver() {
        return closes > 0;
    }

    synchronized boolean hasEnded() {
        return ends != null;
    }

    // ---- What it does, by the driver ----

    /** Does the next thing. */
    void step() {
        WebSocket open = socket();
        if (open == null || hasEnded() || isOver()) {
            return;
        }
        if (--stepsLeft <= 0) {
            end(open, random.oneOf(Ends.values()), Ends.code(random));
            return;
        }
        switch (random.intBetween(0, 19)) {
            case 0 -> open.ping(ByteBuffer.wrap(random.bytes(random.intBetween(0, 125))));
            case 1 -> command(open, Command.PING, random.intBetween(1, 20));
            case 2 -> command(open, Command.PAUSE, random.intBetween(1, 300));
            case 3 -> pause(open, random.intBetween(1, 300));
            case 4 -> {
                for (int i = random.intBetween(2, 40); i > 0; i--) {
                    send(open, random.intBetween(0, 200));
                }
            }
            case 5 -> send(open, 0);
            case 6 -> send(open, random.intBetween(1, random.chance(20) ? 300_000 : 50_000));
            case 7, 8 -> send(open, random.intBetween(1, 10_000));
            default -> send(open, random.intBetween(1, 1_000));
        }
    }

    /** Ends in peace, whatever the plan was. */
    void endNow() {
        WebSocket open = socket();
        if (open != null && !hasEnded()) {
            end(open, Ends.CLIENT_CLOSES, 1000);
        }
    }

    private synchronized @Nullable WebSocket socket() {
        return socket;
    }

    private void end(WebSocket open, Ends how, int with) {
        synchronized (this) {
            ends = how;
            code = with;
        }
        switch (how) {
            case CLIENT_CLOSES -> open.close(with, with == 1005 ? "" : "bye");
            // A close without a code takes no reason, and the server gives one.
            case SERVER_CLOSES -> {
                synchronized (this) {
                    code = with == 1005 ? 1000 : with;
                }
                lastCommand(open, Command.CLOSE, with == 1005 ? 1000 : with);
            }
            case SERVER_THROWS -> lastCommand(open, Command.THROW, 0);
            case SERVER_CUTS -> lastCommand(open, Command.TERMINATE, 0);
            case CLIENT_CUTS -> open.terminate();
        }
    }

    private static void pause(WebSocket open, int millis) {
        open.pauseReading();
        CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS, Runnable::run)
                .execute(open::resumeReading);
    }

    private static void command(WebSocket open, Command command, int n) {
        open.send(command.text(n));
    }

    /** A command that must not be lost, as the end is announced; where there is no room for it, the end comes from here. */
    private void lastCommand(WebSocket open, Command command, int n) {
        if (open.send(command.text(n)) == SendResult.QUEUE_FULL) {
            synchronized (this) {
                ends = Ends.CLIENT_CUTS;
            }
            open.terminate();
        }
    }

    private void send(WebSocket open, int size) {
        boolean text = random.nextBoolean();
        boolean prepared = random.chance(10);
        synchronized (this) {
            byte[] content = Content.of('E', name, next, text, size);
            if (bytesUnderWay + content.length > MAX_UNDER_WAY) {
                return;
            }
            if (send(open, content, text, prepared).isAccepted()) {
                underWay.add(new Sent(next++, text, size));
                bytesUnderWay += content.length;
                ledger.count(Count.SENT);
            }
        }
    }

    static SendResult send(MessageSender to, byte[] content, boolean text, boolean prepared) {
        if (text) {
            String string = new String(content, StandardCharsets.UTF_8);
            return prepared ? to.send(PreparedMessage.text(string)) : to.send(string);
        }
        ByteBuffer bytes = ByteBuffer.wrap(content);
        return prepared ? to.send(PreparedMessage.binary(bytes)) : to.send(bytes);
    }

    // ---- What comes ----

    @Override
    public synchronized void onOpen(WebSocket opened) {
        if (++opens != 1) {
            complain("onOpen came twice");
        }
        socket = opened;
        ledger.count(Count.OPENED);
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
        if (closes > 0) {
            complain("a message came after onClose");
        }
        char kind = Content.kind(message);
        if (kind == 'B' || kind == 'U') {
            lastFromServer = fromServer(ledger, this::toString, message, text, user, lastFromServer);
            return;
        }
        Sent expected = underWay.poll();
        if (expected == null) {
            complain("an echo of nothing: " + Content.describe(message));
            return;
        }
        byte[] content = Content.of('E', name, expected.number(), expected.text(), expected.size());
        bytesUnderWay -= content.length;
        if (text != expected.text() || !message.equals(ByteBuffer.wrap(content))) {
            complain("wanted " + expected + ", and got " + (text ? "text" : "binary") + " of "
                    + Content.describe(message));
        }
        ledger.count(Count.ECHOED);
    }

    /** Checks a broadcast or a message to a user, and gives its number: the last one, and higher than the one before. */
    static long fromServer(
            Ledger ledger, Supplier<String> who, ByteBuffer message, boolean text, long user, long last) {
        long number = Content.number(message);
        boolean broadcast = Content.kind(message) == 'B';
        byte[] content = broadcast ? Content.broadcast(number) : Content.toUser(user, number);
        if (number <= last || text != Content.isText(number) || !message.equals(ByteBuffer.wrap(content))) {
            ledger.complain(
                    who.get() + ": after number " + last + " came from the server " + Content.describe(message));
        }
        ledger.count(broadcast ? Count.BROADCASTS_SEEN : Count.USER_SENDS_SEEN);
        return number;
    }

    @Override
    public void onPong(WebSocket from, ByteBuffer payload) {
        ledger.count(Count.PONGS);
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        complain("onError: " + error);
    }

    @Override
    public synchronized void onClose(WebSocket closed, CloseEvent event) {
        if (++closes != 1 || opens != 1) {
            complain("onOpen came " + opens + " times, onClose " + closes + " times");
        }
        ledger.count(Count.CLOSED);
        if (event.wasClean()) {
            ledger.count(Count.CLEAN);
        }
        Ends.consistent(event).ifPresent(this::complain);
        if (undisturbed()) {
            if (ends == null) {
                complain("it ended, and nobody had a hand in it: " + event);
            } else {
                ends.exactly(code, event).ifPresent(this::complain);
                // What was sent before the last word was answered before it, where nobody cut the line; but where
                // callbacks run on an executor, the answer to our Close frame goes ahead of theirs.
                boolean all = ends == Ends.SERVER_CLOSES || (ends == Ends.CLIENT_CLOSES && !host.usesExecutor());
                if (all && !underWay.isEmpty()) {
                    complain("closed in order, and still missing " + underWay.size() + " echoes from " + underWay.peek()
                            + " on; " + event);
                }
            }
        }
    }

    private void complain(String what) {
        ledger.complain(this + ": " + what);
    }

    @Override
    public String toString() {
        return "life " + name + (direct ? " (direct)" : " (by a proxy)");
    }
}
