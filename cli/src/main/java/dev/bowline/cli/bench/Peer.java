package dev.bowline.cli.bench;

import dev.bowline.codec.CloseEvent;
import dev.bowline.websocket.SendResult;
import dev.bowline.websocket.WebSocket;
import dev.bowline.websocket.WebSocketListener;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a load: checks that what comes is message 0, 1, 2 … of the content.
 *
 * <p>What comes before the first right message and is none is taken for a greeting and passed over, up to a few.
 */
abstract class Peer implements WebSocketListener {
    private static final int MOST_GREETINGS = 16;

    final Run run;
    private final Content content;
    private @Nullable Meter meter; // set on the event loop when open
    private volatile @Nullable WebSocket socket;
    private int greetings;
    private boolean failed; // touched by the event loop alone
    private volatile long received;
    private volatile boolean ended;

    Peer(Run run) {
        this.run = run;
        this.content = run.options.content();
    }

    /** The next message came, at this time. On the event loop. */
    abstract void onMessage(long number, long nowNanos);

    @Override
    public void onOpen(WebSocket opened) {
        meter = run.meter();
        socket = opened;
        if (run.options.compressed() && opened.extensions().isEmpty()) {
            run.faults.add("the server does not agree to compress");
        }
    }

    @Override
    public void onBinary(WebSocket from, ByteBuffer data) {
        came(from, data, false);
    }

    @Override
    public void onTextBytes(WebSocket from, ByteBuffer utf8) {
        came(from, utf8, true);
    }

    private void came(WebSocket from, ByteBuffer payload, boolean text) {
        long number = received;
        if (text == content.isText() && content.matches(payload, number)) {
            received = number + 1;
            onMessage(number, System.nanoTime());
        } else if ((number != 0 || ++greetings > MOST_GREETINGS) && !failed) {
            failed = true;
            ended = true;
            run.faults.add("wrong content");
            from.terminate();
        }
    }

    /** Records a time in the meter of this event loop. */
    final void record(long nanos) {
        Meter own = meter;
        if (own != null) {
            own.record(nanos);
        }
    }

    /** How many messages came back. From any thread. */
    final long received() {
        return received;
    }

    /** How many of so many messages have not come back and still may. From any thread. */
    final long outstanding(long sent) {
        return ended ? 0 : Math.max(0, sent - received); // an answer can come before its sender has counted it
    }

    /** Sends a message of the content; false if it was not sent. From the event loop, or any one other thread at a time. */
    final boolean send(long number) {
        WebSocket to = socket;
        if (to == null || run.stage.isDraining()) {
            return false;
        }
        SendResult result = content.isText() ? to.send(content.text(number)) : to.send(content.bytes(number));
        if (result == SendResult.QUEUE_FULL) { // a closed connection tells so by itself
            run.faults.add("outgoing queue full");
        }
        return result == SendResult.ACCEPTED;
    }

    @Override
    public void onClose(WebSocket closed, CloseEvent event) {
        ended = true;
        if (!run.stage.isOver() && !failed) {
            run.faults.closed(event);
        }
    }
}
