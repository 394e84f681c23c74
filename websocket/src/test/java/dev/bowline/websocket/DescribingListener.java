package dev.bowline.websocket;

import dev.bowline.codec.CloseEvent;
import dev.bowline.testkit.Recorder;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/** Records every callback as a line such as {@code open}, {@code text Hello} or {@code close 1000 clean REMOTE}. */
class DescribingListener implements WebSocketListener {
    final Recorder<String> events;

    DescribingListener(Recorder<String> events) {
        this.events = events;
    }

    @Override
    public void onOpen(WebSocket socket) {
        events.record("open");
    }

    @Override
    public void onText(WebSocket socket, String text) {
        events.record("text " + text);
    }

    @Override
    public void onBinary(WebSocket socket, ByteBuffer data) {
        events.record("binary " + hex(data));
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

    private static String hex(ByteBuffer data) {
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
