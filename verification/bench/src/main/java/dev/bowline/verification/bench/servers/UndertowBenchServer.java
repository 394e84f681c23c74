package dev.bowline.verification.bench.servers;

import io.undertow.Undertow;
import io.undertow.websockets.WebSocketConnectionCallback;
import io.undertow.websockets.WebSocketProtocolHandshakeHandler;
import io.undertow.websockets.core.AbstractReceiveListener;
import io.undertow.websockets.core.BufferedBinaryMessage;
import io.undertow.websockets.core.BufferedTextMessage;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;
import io.undertow.websockets.extensions.PerMessageDeflateHandshake;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.logging.LogManager;
import org.xnio.Options;

/**
 * Undertow's core, without servlets, with one I/O thread, on which its handlers run too. Buffers are its default for a
 * heap of this size: 16 KiB, direct, pooled. Each of its sends is a write of its own; it has no other way.
 *
 * <p>A message is copied out of those buffers, as what is sent must not be in buffers that go back to the pool before
 * it is sent.
 */
final class UndertowBenchServer {
    private UndertowBenchServer() {}

    public static void main(String[] arguments) throws Exception {
        Mode mode = Mode.of(arguments);
        LogManager.getLogManager().reset();
        WebSocketConnectionCallback callback = (exchange, channel) -> {
            channel.getReceiveSetter().set(new Receiver(mode));
            channel.resumeReceives();
        };
        WebSocketProtocolHandshakeHandler handler = new WebSocketProtocolHandshakeHandler(callback);
        if (mode == Mode.DEFLATE) {
            handler.addExtension(new PerMessageDeflateHandshake(
                    false, // not a client
                    Settings.COMPRESSION_LEVEL,
                    false, // no context of its own
                    false, // nor the client's
                    Settings.LARGEST));
        }
        Undertow server = Undertow.builder()
                .addHttpListener(0, Settings.HOST, handler)
                .setIoThreads(1)
                .setWorkerThreads(1) // nothing is dispatched to them
                .setSocketOption(Options.BACKLOG, Settings.BACKLOG)
                .setSocketOption(Options.TCP_NODELAY, true)
                .build();
        server.start();
        Console.serve(((InetSocketAddress) server.getListenerInfo().get(0).getAddress()).getPort());
    }

    private static final class Receiver extends AbstractReceiveListener {
        private final Mode mode;

        Receiver(Mode mode) {
            this.mode = mode;
        }

        @Override
        protected long getMaxBinaryBufferSize() {
            return Settings.LARGEST;
        }

        @Override
        protected long getMaxTextBufferSize() {
            return Settings.LARGEST;
        }

        @Override
        protected void onFullTextMessage(WebSocketChannel channel, BufferedTextMessage message) {
            String text = message.getData();
            if (mode == Mode.BROADCAST) {
                channel.getPeerConnections().forEach(peer -> WebSockets.sendText(text, peer, null));
            } else {
                WebSockets.sendText(text, channel, null);
            }
        }

        @Override
        protected void onFullBinaryMessage(WebSocketChannel channel, BufferedBinaryMessage message) {
            ByteBuffer copy = copyAndFree(message);
            if (mode == Mode.BROADCAST) {
                channel.getPeerConnections().forEach(peer -> WebSockets.sendBinary(copy.duplicate(), peer, null));
            } else {
                WebSockets.sendBinary(copy, channel, null);
            }
        }

        @SuppressWarnings("deprecation") // there is no other way to the data
        private static ByteBuffer copyAndFree(BufferedBinaryMessage message) {
            try (var data = message.getData()) {
                return WebSockets.mergeBuffers(data.getResource());
            }
        }
    }
}
