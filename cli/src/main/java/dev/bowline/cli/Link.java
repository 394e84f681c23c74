package dev.bowline.cli;

import dev.bowline.websocket.ReadyState;
import dev.bowline.websocket.ReconnectingWebSocket;
import dev.bowline.websocket.SendResult;
import dev.bowline.websocket.WebSocket;
import java.nio.ByteBuffer;

/** What {@code connect} sends by: one connection, or one after the other. Safe from any thread. */
interface Link {
    SendResult send(String text);

    SendResult send(ByteBuffer data);

    /** Whether it stands, and all that was accepted has left. */
    boolean isIdle();

    void close(int code, String reason);

    /** The link that is one connection. */
    static Link of(WebSocket socket) {
        return new Link() {
            @Override
            public SendResult send(String text) {
                return socket.send(text);
            }

            @Override
            public SendResult send(ByteBuffer data) {
                return socket.send(data);
            }

            @Override
            public boolean isIdle() {
                return socket.readyState() == ReadyState.OPEN && socket.bufferedAmount() == 0;
            }

            @Override
            public void close(int code, String reason) {
                socket.close(code, reason);
            }
        };
    }

    /** The link that outlives its connections. */
    static Link of(ReconnectingWebSocket socket) {
        return new Link() {
            @Override
            public SendResult send(String text) {
                return socket.send(text);
            }

            @Override
            public SendResult send(ByteBuffer data) {
                return socket.send(data);
            }

            @Override
            public boolean isIdle() {
                return socket.readyState() == ReadyState.OPEN && socket.bufferedAmount() == 0;
            }

            @Override
            public void close(int code, String reason) {
                socket.close(code, reason);
            }
        };
    }
}
