package dev.bowline.verification.bench.servers;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import java.util.ArrayList;
import java.util.List;

/**
 * Vert.x, with one event loop, on its native transport, which is Netty's epoll, where that is there. Its documentation
 * leaves the rest of its speed to the defaults; the switching of the thread's class loader for each event, of use in
 * containers only, is off.
 */
final class VertxBenchServer {
    private VertxBenchServer() {}

    public static void main(String[] arguments) throws Exception {
        Mode mode = Mode.of(arguments);
        System.setProperty("vertx.disableTCCL", "true");
        Vertx vertx =
                Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(1));
        List<ServerWebSocket> all = new ArrayList<>(); // touched by the one loop alone
        HttpServer server = vertx.createHttpServer(new HttpServerOptions()
                        .setHost(Settings.HOST)
                        .setPort(0)
                        .setAcceptBacklog(Settings.BACKLOG)
                        .setTcpNoDelay(true)
                        .setMaxWebSocketFrameSize(Settings.LARGEST)
                        .setMaxWebSocketMessageSize(Settings.LARGEST)
                        .setPerMessageWebSocketCompressionSupported(mode == Mode.DEFLATE)
                        .setPerFrameWebSocketCompressionSupported(false)
                        .setWebSocketCompressionLevel(Settings.COMPRESSION_LEVEL)
                        .setWebSocketAllowServerNoContext(true)
                        .setWebSocketPreferredClientNoContext(true))
                .webSocketHandler(socket -> {
                    if (mode != Mode.BROADCAST) {
                        socket.binaryMessageHandler(socket::writeBinaryMessage);
                        socket.textMessageHandler(socket::writeTextMessage);
                        return;
                    }
                    all.add(socket);
                    socket.closeHandler(closed -> all.remove(socket));
                    socket.binaryMessageHandler(message -> all.forEach(to -> to.writeBinaryMessage(message)));
                    socket.textMessageHandler(message -> all.forEach(to -> to.writeTextMessage(message)));
                })
                .listen()
                .toCompletionStage()
                .toCompletableFuture()
                .get();
        Console.serve(server.actualPort());
    }
}
