package dev.bowline.websocket;

import java.nio.ByteBuffer;

/** Sends every message back. */
class EchoListener implements WebSocketListener {
    @Override
    public void onText(WebSocket socket, String text) {
        socket.send(text);
    }

    @Override
    public void onBinary(WebSocket socket, ByteBuffer data) {
        socket.send(data);
    }
}
