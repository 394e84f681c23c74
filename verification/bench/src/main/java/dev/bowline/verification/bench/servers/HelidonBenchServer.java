package dev.bowline.verification.bench.servers;

import io.helidon.common.buffers.BufferData;
import io.helidon.webserver.ServerConnectionException;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.websocket.WsConfig;
import io.helidon.webserver.websocket.WsRouting;
import io.helidon.websocket.WsListener;
import io.helidon.websocket.WsSession;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.LogManager;

/**
 * Helidon, a virtual thread for each connection, which is all it has; writes go to the socket directly, its default. A
 * frame is echoed as a frame, without putting messages together, as its interface suggests. It has no
 * permessage-deflate.
 */
final class HelidonBenchServer {
    private static final Duration SILENCE = Duration.ofMinutes(30); // longer than a connection idles here

    private HelidonBenchServer() {}

    public static void main(String[] arguments) throws Exception {
        Mode mode = Mode.of(arguments);
        mode.requireNot(Mode.DEFLATE, "Helidon");
        LogManager.getLogManager().reset();
        Set<WsSession> all = ConcurrentHashMap.newKeySet();
        WebServer server = WebServer.builder()
                .host(Settings.HOST)
                .port(0)
                .backlog(Settings.BACKLOG)
                .connectionOptions(socket -> socket.tcpNoDelay(true).readTimeout(SILENCE))
                .idleConnectionTimeout(SILENCE)
                .addProtocol(WsConfig.builder().maxFrameLength(Settings.LARGEST).build())
                .addRouting(WsRouting.builder().endpoint("/", () -> new Endpoint(mode, all)))
                .build()
                .start();
        Console.serve(server.port());
    }

    private record Endpoint(Mode mode, Set<WsSession> all) implements WsListener {
        @Override
        public void onOpen(WsSession session) {
            if (mode == Mode.BROADCAST) {
                all.add(session);
            }
        }

        @Override
        public void onMessage(WsSession session, BufferData buffer, boolean last) {
            if (mode != Mode.BROADCAST) {
                session.send(buffer, last);
                return;
            }
            byte[] bytes = buffer.readBytes();
            all.forEach(to -> deliver(to, () -> to.send(BufferData.create(bytes), last)));
        }

        @Override
        public void onMessage(WsSession session, String text, boolean last) {
            if (mode != Mode.BROADCAST) {
                session.send(text, last);
                return;
            }
            all.forEach(to -> deliver(to, () -> to.send(text, last)));
        }

        /** Whoever can't be sent to has ended meanwhile, which must not end whoever sent. */
        private void deliver(WsSession to, Runnable sending) {
            try {
                sending.run();
            } catch (ServerConnectionException e) {
                all.remove(to);
            }
        }

        @Override
        public void onClose(WsSession session, int status, String reason) {
            all.remove(session);
        }

        @Override
        public void onError(WsSession session, Throwable failure) {
            all.remove(session);
        }
    }
}
