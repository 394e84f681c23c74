package dev.bowline.examples;

import dev.bowline.websocket.Endpoint;
import dev.bowline.websocket.StaticResource;
import dev.bowline.websocket.TextHeartbeat;
import dev.bowline.websocket.WebSocket;
import dev.bowline.websocket.WebSocketListener;
import dev.bowline.websocket.WebSocketServer;
import java.io.IOException;

/** A server that echoes, with the page that talks to it: open http://localhost:3000/. */
// snippet:server
public final class EchoServer implements WebSocketListener {
    public static void main(String[] args) throws IOException {
        WebSocketServer.builder()
                .port(Integer.getInteger("port", 3000))
                .endpoint(Endpoint.of("/*", new EchoServer()).textHeartbeat(TextHeartbeat.PING_PONG))
                .resource("/", StaticResource.of("text/html", EchoServer.class.getResourceAsStream("echo.html")))
                .resource("/bowline.js", StaticResource.browserModule())
                .start();
    }

    @Override
    public void onText(WebSocket socket, String text) {
        socket.send(text);
    }
}
// end:server
