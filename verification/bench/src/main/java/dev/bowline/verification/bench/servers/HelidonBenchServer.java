package dev.bowline.verification.bench.servers;

import io.helidon.common.buffers.BufferData;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.websocket.WsRouting;
import io.helidon.websocket.WsListener;
import io.helidon.websocket.WsSession;
import java.net.InetAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Helidon, a virtual thread for each connection. */
final class HelidonBenchServer {
    private HelidonBenchServer() {}

    public static void main(String[] arguments) throws Exception {
        Mode mode = Mode.of(arguments);
        if (mode == Mode.DEFLATE) {
            System.err.println("Helidon has no permessage-deflate.");
            System.exit(2);
        }
        java.util.logging.LogManager.getLogManager().reset();
        Set<WsSession> all = ConcurrentHashMap.newKeySet();
        WebServer server = WebServer.builder()
                .address(InetAddress.getLoopbackAddress())
                .port(0)
                .backlog(4096)
                .addRouting(WsRouting.builder().endpoint("/", () -> new Endpoint(mode, all)))
                .build()
                .start();
        Console.serve(server.port());
    }

    private record Endpoint(Mode mode, Set<WsSession> all) implements WsListener {
        @Override
        public void onOpen(WsSession session) {
            all.add(session);
        }

        @Override
        public void onMessage(WsSession session, BufferData buffer, boolean last) {
            if (mode != Mode.BROADCAST) {
                session.send(buffer, last);
                return;
            }
            byte[] bytes = buffer.readBytes();
            all.forEach(to -> {
                synchronized (to) { // a session is not safe from several threads
                    to.send(BufferData.create(bytes), last);
                }
            });
        }

        @Override
        public void onMessage(WsSession session, String text, boolean last) {
            session.send(text, last);
        }

        @Override
        public void onClose(WsSession session, int status, String reason) {
            all.remove(session);
        }
    }
}
