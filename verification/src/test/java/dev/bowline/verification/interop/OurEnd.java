package dev.bowline.verification.interop;

import dev.bowline.codec.CloseEvent;
import dev.bowline.testkit.Recorder;
import dev.bowline.websocket.WebSocket;
import dev.bowline.websocket.WebSocketListener;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Bowline's end, of either role: the listener of one connection. */
public final class OurEnd implements End, WebSocketListener {
    private final Recorder<String> events = new Recorder<>();

    // Written by the event loop before it records what the test waits for.
    private volatile @Nullable WebSocket socket;
    private volatile @Nullable CloseEvent closed;

    @Override
    public void onOpen(WebSocket opened) {
        socket = opened;
        events.record("open " + (opened.protocol().isEmpty() ? "-" : opened.protocol()));
    }

    @Override
    public void onTextBytes(WebSocket from, ByteBuffer utf8) {
        events.record(Message.event(true, utf8));
    }

    @Override
    public void onBinary(WebSocket from, ByteBuffer data) {
        events.record(Message.event(false, data));
    }

    @Override
    public void onPing(WebSocket from, ByteBuffer payload) {
        events.record("ping " + Message.hex(payload));
    }

    @Override
    public void onPong(WebSocket from, ByteBuffer payload) {
        events.record("pong " + Message.hex(payload));
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        events.record("error " + error);
    }

    @Override
    public void onClose(WebSocket from, CloseEvent event) {
        closed = event;
        events.record("close " + event.code() + " " + event.reason());
    }

    public WebSocket socket() {
        return Objects.requireNonNull(socket, "not open yet");
    }

    public boolean isClosed() {
        return closed != null;
    }

    /** How it ended, once a close was recorded. */
    public CloseEvent closed() {
        return Objects.requireNonNull(closed, "not closed yet");
    }

    @Override
    public Recorder<String> events() {
        return events;
    }

    @Override
    public void send(Message message) {
        if (message.isText()) {
            socket().send(new String(message.payload(), StandardCharsets.UTF_8));
        } else {
            socket().send(ByteBuffer.wrap(message.payload()));
        }
    }

    @Override
    public void close(int code, String reason) {
        socket().close(code, reason);
    }

    @Override
    public void terminate() {
        socket().terminate();
    }

    @Override
    public void ping(byte... payload) {
        socket().ping(ByteBuffer.wrap(payload));
    }
}
