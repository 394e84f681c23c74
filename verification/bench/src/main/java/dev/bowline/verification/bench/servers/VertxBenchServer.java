package dev.bowline.verification.bench.servers;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import java.util.ArrayList;
import java.util.List;

/** Vert.x, on Netty's native epoll where that is there. */
final class VertxBenchServer {
    private static final int LARGEST = 16 * 1024 * 1024 + 1024;

    private VertxBenchServer() {}

    public static void main(String[] arguments) throws Exception {
        Mode mode = Mode.of(arguments);
        Vertx vertx =
                Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(1));
        List<ServerWebSocket> all = new ArrayList<>(); // touched by the one loop alone
        HttpServer server = vertx.createHttpServer(new HttpServerOptions()
                        .setHost("127.0.0.1")
                        .setPort(0)
                        .setAcceptBacklog(4096)
                        .setTcpNoDelay(true)
                        .setMaxWebSocketFrameSize(LARGEST)
                        .setMaxWebSocketMessageSize(LARGEST)
                        .setPerMessageWebSocketCompressionSupported(mode == Mode.DEFLATE)
                        .setWebSocketAllowServerNoContext(true)
                        .setWebSocketPreferredClientNoContext(true)
                        .setPerFrameWebSocketCompressionSupported(false))
                .webSocketHandler(socket -> {
                    if (mode != Mode.BROADCAST) {
                        socket.binaryMessageHandler(socket::writeBinaryMessage);
                        socket.textMessageHandler(socket::writeTextMessage);
                        return;
                    }
                    all.add(socket);
                    socket.closeHandler(closed -> all.remove(socket));
                    socket.binaryMessageHandler((Buffer message) -> all.forEach(to -> to.writeBinaryMessage(message)));
                })
                .listen()
                .toCompletionStage()
                .toCompletableFuture()
                .get();
        Console.serve(server.actualPort());
    }
}
