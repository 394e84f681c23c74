package dev.bowline.verification.soak;

import dev.bowline.codec.CloseEvent;
import dev.bowline.verification.soak.Ledger.Count;
import dev.bowline.websocket.WebSocket;
import dev.bowline.websocket.WebSocketListener;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** One connection, as the server sees it: echoes, obeys, and wants every message in order and one end. */
final class Guest {
    private final Ledger ledger;
    private final AtomicInteger closes = new AtomicInteger();
    private long next; // touched by the callbacks, one at a time
    private boolean begun;
    private boolean told; // a command has made a callback throw

    private Guest(Ledger ledger) {
        this.ledger = ledger;
    }

    private void message(WebSocket socket, ByteBuffer message) {
        if (closes.get() != 0) {
            ledger.complain("a message came after onClose: " + socket);
        }
        char kind = Content.kind(message);
        if (kind == 'C') {
            told = true;
            Command.obey(
                    socket,
                    message,
                    millis -> CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS, Runnable::run));
            return;
        }
        long number = kind == 0 ? next : Content.number(message);
        if (kind == 'R' && !begun) {
            next = number; // what came before went over other connections
        }
        begun = true;
        if (number != next) {
            ledger.complain(
                    "the server wanted message " + next + " of " + socket + ", and got " + Content.describe(message));
        }
        next = number + 1;
    }

    private void close(WebSocket socket, CloseEvent event) {
        if (closes.incrementAndGet() != 1) {
            ledger.complain("onClose came " + closes.get() + " times on the server for " + socket);
        }
        ledger.count(Count.GUESTS_CLOSED);
        Ends.consistent(event).ifPresent(fault -> ledger.complain("on the server, " + fault));
    }

    /** The listener of all guests. */
    static final class Listener implements WebSocketListener {
        private final Ledger ledger;

        Listener(Ledger ledger) {
            this.ledger = ledger;
        }

        private Guest of(WebSocket socket) {
            if (socket.attachment() instanceof Guest guest) {
                return guest;
            }
            ledger.complain("something came before onOpen: " + socket);
            return new Guest(ledger);
        }

        @Override
        public void onOpen(WebSocket socket) {
            if (socket.attachment() != null) {
                ledger.complain("onOpen came twice: " + socket);
            }
            socket.attach(new Guest(ledger));
            ledger.count(Count.GUESTS_OPENED);
        }

        @Override
        public void onText(WebSocket socket, String text) {
            ByteBuffer message = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            boolean echoed = Content.kind(message) != 'C';
            of(socket).message(socket, message);
            if (echoed) {
                socket.send(text);
            }
        }

        @Override
        public void onBinary(WebSocket socket, ByteBuffer data) {
            of(socket).message(socket, data);
            socket.send(data);
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            if (!(error instanceof Command.OnPurpose) || !of(socket).told) {
                ledger.complain("onError on the server: " + socket + ": " + error);
            }
        }

        @Override
        public void onClose(WebSocket socket, CloseEvent event) {
            of(socket).close(socket, event);
        }
    }
}
