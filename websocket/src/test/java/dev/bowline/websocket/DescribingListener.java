package dev.bowline.websocket;

import dev.bowline.codec.CloseEvent;
import dev.bowline.testkit.Recorder;
import java.nio.ByteBuffer;

/** Records every callback, and how a connection closed in full, such as {@code close 1000 clean REMOTE}. */
class DescribingListener extends RecordingListener {
    DescribingListener(Recorder<String> events) {
        super(events);
    }

    @Override
    public void onPing(WebSocket socket, ByteBuffer payload) {
        events.record("ping " + hex(payload));
    }

    @Override
    public void onPong(WebSocket socket, ByteBuffer payload) {
        events.record("pong " + hex(payload));
    }

    @Override
    public void onDrained(WebSocket socket) {
        events.record("drained");
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
        events.record("error " + error.getMessage());
    }

    @Override
    public void onClose(WebSocket socket, CloseEvent event) {
        events.record(describe(event));
    }

    static String describe(CloseEvent event) {
        return "close " + event.code() + (event.wasClean() ? " clean " : " unclean ") + event.closedBy()
                + (event.error() == null ? "" : " " + event.error().violation().code());
    }
}
