package dev.bowline.cli.connect;

import dev.bowline.cli.Shown;
import dev.bowline.codec.CloseCode;
import dev.bowline.codec.CloseEvent;
import dev.bowline.websocket.MessageSender;
import dev.bowline.websocket.ReadyState;
import dev.bowline.websocket.SendResult;
import dev.bowline.websocket.WebSocket;
import dev.bowline.websocket.WebSocketListener;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What {@code connect} and its peer say to each other: shows what comes, sends what is to be sent, and knows when it has
 * been quiet and how it ended.
 *
 * <p>Callbacks come from one thread at a time, which they may block; the other methods are for any thread. Fields are guarded
 * by this object's monitor, which also tells those who wait that something changed.
 */
class Conversation implements WebSocketListener {
    /** How long to wait for room before looking again: a safety net, as {@link #onDrained} tells too. */
    private static final long LOOK_AGAIN_MILLIS = 100;

    private final Screen screen;

    private @Nullable MessageSender sender;
    private boolean hungUp;
    private boolean over;
    private boolean failed;
    private @Nullable CloseEvent closeEvent;
    private int callbacksRunning;
    private long lastActivityNanos = System.nanoTime();

    Conversation(Screen screen) {
        this.screen = screen;
    }

    /** From now on there is something to send by. */
    synchronized void begin(MessageSender by) {
        sender = by;
        if (hungUp) {
            by.close(CloseCode.GOING_AWAY, "");
        }
        notifyAll();
    }

    // ---- What comes ----

    @Override
    public void onOpen(WebSocket socket) {
        showing(() -> screen.status(socket.protocol().isEmpty() ? "open" : "open, subprotocol " + socket.protocol()));
    }

    @Override
    public void onText(WebSocket socket, String text) {
        show(text);
    }

    @Override
    public void onBinary(WebSocket socket, ByteBuffer data) {
        show(Shown.binary(data));
    }

    private void show(String message) {
        showing(() -> {
            if (!screen.message(message)) {
                fail();
                hangUp();
            }
        });
    }

    @Override
    public void onPing(WebSocket socket, ByteBuffer payload) {
        screen.status("ping" + payload(payload));
    }

    @Override
    public void onPong(WebSocket socket, ByteBuffer payload) {
        screen.status("pong" + payload(payload));
    }

    private static String payload(ByteBuffer payload) {
        return payload.hasRemaining() ? " " + Shown.quoted(Shown.binary(payload)) : "";
    }

    @Override
    public synchronized void onDrained(WebSocket socket) {
        notifyAll();
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
        screen.status("error: " + error);
    }

    @Override
    public void onClose(WebSocket socket, CloseEvent event) {
        showClose(event);
        end(event);
    }

    final void showClose(CloseEvent event) {
        showing(() -> screen.status(describe(event)));
    }

    static String describe(CloseEvent event) {
        String by =
                switch (event.closedBy()) {
                    case LOCAL -> "closed by this end: ";
                    case REMOTE -> "closed by the peer: ";
                    case NETWORK -> "connection lost: ";
                };
        return by + event.code() + (event.reason().isEmpty() ? "" : " " + Shown.quoted(event.reason()));
    }

    /** What is being shown is not quiet, however long the output takes. */
    private void showing(Runnable show) {
        synchronized (this) {
            callbacksRunning++;
        }
        try {
            show.run();
        } finally {
            synchronized (this) {
                callbacksRunning--;
                active();
            }
        }
    }

    // ---- What is sent ----

    /**
     * Sends a line, as soon as there is room for it.
     *
     * @param utf8 what the line is made of
     * @return whether it was accepted; if not, the conversation is over
     */
    boolean say(byte[] utf8, boolean binary) throws InterruptedException {
        String text = binary ? "" : new String(utf8, StandardCharsets.UTF_8);
        for (MessageSender by = awaitSender(); by != null; by = awaitRoom(by)) {
            SendResult result = binary ? by.send(ByteBuffer.wrap(utf8)) : by.send(text);
            if (result != SendResult.QUEUE_FULL) {
                active();
                return result == SendResult.ACCEPTED;
            }
        }
        return false;
    }

    private synchronized @Nullable MessageSender awaitSender() throws InterruptedException {
        while (!over && sender == null) {
            wait();
        }
        return over ? null : sender;
    }

    private synchronized @Nullable MessageSender awaitRoom(MessageSender by) throws InterruptedException {
        TimeUnit.MILLISECONDS.timedWait(this, LOOK_AGAIN_MILLIS);
        return over ? null : by;
    }

    private synchronized void active() {
        lastActivityNanos = System.nanoTime();
        notifyAll();
    }

    /** Whether it has a connection, and all that was accepted has left. */
    private static boolean isIdle(MessageSender sender) {
        return sender.readyState() == ReadyState.OPEN && sender.bufferedAmount() == 0;
    }

    // ---- How it ends ----

    /** Something happened that makes the whole a failure, though the connection itself may end well. */
    synchronized void fail() {
        failed = true;
    }

    /** Closes, as there is nothing more to say; {@link #awaitEnd} tells when that is done. */
    void bye() {
        close(CloseCode.NORMAL);
    }

    /** Closes, as this program goes away. */
    void hangUp() {
        close(CloseCode.GOING_AWAY);
    }

    private synchronized void close(int code) {
        hungUp = true;
        if (sender != null) {
            sender.close(code, "");
        }
    }

    /** It ends, with a connection that was open or without one. */
    synchronized void end(@Nullable CloseEvent event) {
        closeEvent = event;
        over = true;
        notifyAll();
    }

    synchronized boolean isOver() {
        return over;
    }

    synchronized void awaitEnd() throws InterruptedException {
        while (!over) {
            wait();
        }
    }

    /** Waits until it is over, but not longer than that. */
    synchronized void awaitEnd(Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        for (long left = atMost.toNanos(); !over && left > 0; left = deadline - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    /** Waits until it is over, or nothing was sent or came for so long. */
    synchronized void awaitQuiet(Duration quiet) throws InterruptedException {
        while (!over) {
            if (callbacksRunning > 0 || sender == null || !isIdle(sender)) {
                lastActivityNanos = System.nanoTime();
                wait(LOOK_AGAIN_MILLIS);
                continue;
            }
            long left = lastActivityNanos + quiet.toNanos() - System.nanoTime();
            if (left <= 0) {
                return;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    /**
     * Whether it ended well: with a closing handshake whose code names no error. What codes from 3000 on mean only the
     * application knows.
     */
    synchronized boolean endedWell() {
        CloseEvent event = closeEvent;
        if (failed || event == null || !event.wasClean()) {
            return false;
        }
        return switch (event.code()) {
            case CloseCode.NORMAL, CloseCode.GOING_AWAY, CloseCode.NO_STATUS_RECEIVED -> true;
            default -> event.code() >= 3000;
        };
    }
}
