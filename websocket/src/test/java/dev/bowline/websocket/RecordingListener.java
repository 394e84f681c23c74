package dev.bowline.websocket;

import dev.bowline.codec.CloseEvent;
import dev.bowline.testkit.Recorder;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/** Records what happens on a connection as texts, such as {@code text Hello} and {@code close 1000 bye clean}. */
class RecordingListener implements WebSocketListener {
    final Recorder<String> events;

    RecordingListener(Recorder<String> events) {
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

    static String hex(ByteBuffer data) {
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
        events.record("error " + error);
    }

    @Override
    public void onClose(WebSocket socket, CloseEvent event) {
        events.record("close " + event.code() + " " + (event.wasClean() ? "clean" : "unclean"));
    }
}
