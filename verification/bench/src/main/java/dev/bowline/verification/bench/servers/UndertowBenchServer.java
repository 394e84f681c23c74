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
import org.xnio.ChannelListener;
import org.xnio.Pooled;

/** Undertow's core. */
final class UndertowBenchServer {
    private UndertowBenchServer() {}

    public static void main(String[] arguments) throws Exception {
        Mode mode = Mode.of(arguments);
        WebSocketConnectionCallback callback = (exchange, channel) -> {
            channel.getReceiveSetter().set((ChannelListener<? super WebSocketChannel>) new Receiver(mode));
            channel.resumeReceives();
        };
        WebSocketProtocolHandshakeHandler handler = new WebSocketProtocolHandshakeHandler(callback);
        if (mode == Mode.DEFLATE) {
            handler.addExtension(new PerMessageDeflateHandshake());
        }
        Undertow server = Undertow.builder()
                .addHttpListener(0, "127.0.0.1", handler)
                .setIoThreads(1)
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
        protected void onFullTextMessage(WebSocketChannel channel, BufferedTextMessage message) {
            WebSockets.sendText(message.getData(), channel, null);
        }

        @Override
        protected void onFullBinaryMessage(WebSocketChannel channel, BufferedBinaryMessage message) {
            try (Pooled<ByteBuffer[]> data = message.getData()) {
                ByteBuffer copy = WebSockets.mergeBuffers(data.getResource());
                if (mode == Mode.BROADCAST) {
                    channel.getPeerConnections().forEach(peer -> WebSockets.sendBinary(copy.duplicate(), peer, null));
                } else {
                    WebSockets.sendBinary(copy, channel, null);
                }
            }
        }
    }
}
