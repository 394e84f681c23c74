package dev.bowline.verification.bench;

import dev.bowline.codec.Role;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtension;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtensionData;
import io.netty.handler.codec.http.websocketx.extensions.compression.PerMessageDeflateServerExtensionHandshaker;
import java.util.Map;
import java.util.Objects;

/** Netty's handlers in a pipeline, without what its transports and its channel for tests would add. */
final class NettyFrameCodec implements FrameCodec {
    private static final int LEVEL = 6;
    private static final int WINDOW_BITS = 15;

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final ChannelPipeline pipeline = channel.pipeline();

    NettyFrameCodec(Role role, boolean deflate, Tally tally) {
        boolean server = role == Role.SERVER;
        pipeline.addLast(
                new Written(tally),
                new WebSocket13FrameDecoder(WebSocketDecoderConfig.newBuilder()
                        .expectMaskedFrames(server)
                        .allowExtensions(deflate)
                        .maxFramePayloadLength(LARGEST_BYTES)
                        .build()),
                new WebSocket13FrameEncoder(!server));
        if (deflate) {
            WebSocketExtension extension = extension();
            pipeline.addLast(extension.newExtensionDecoder(), extension.newExtensionEncoder());
        }
        pipeline.addLast(new Received(tally));
    }

    private static WebSocketExtension extension() {
        WebSocketExtension agreed = new PerMessageDeflateServerExtensionHandshaker(
                        LEVEL, true, WINDOW_BITS, true, true, LARGEST_BYTES)
                .handshakeExtension(new WebSocketExtensionData(
                        "permessage-deflate",
                        Map.of("server_no_context_takeover", "", "client_no_context_takeover", "")));
        return Objects.requireNonNull(agreed);
    }

    @Override
    public void receive(byte[] stream) {
        for (int at = 0; at < stream.length; at += READ_BYTES) {
            int n = Math.min(READ_BYTES, stream.length - at);
            pipeline.fireChannelRead(channel.alloc().ioBuffer(n).writeBytes(stream, at, n));
        }
        pipeline.fireChannelReadComplete();
    }

    @Override
    public void send(byte[] payload) {
        var unused = pipeline.write(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(payload)), channel.voidPromise());
    }

    @Override
    public void close() {
        var unused = channel.finishAndReleaseAll();
    }

    private static void count(Tally tally, ByteBuf piece) {
        int length = piece.readableBytes();
        tally.add(length, length == 0 ? 0 : piece.getByte(piece.writerIndex() - 1));
        if (tally.isKeeping()) {
            tally.keep(ByteBufUtil.getBytes(piece));
        }
        piece.release();
    }

    /** In the transport's place. */
    private static final class Written extends ChannelOutboundHandlerAdapter {
        private final Tally tally;

        Written(Tally tally) {
            this.tally = tally;
        }

        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            count(tally, (ByteBuf) message);
        }
    }

    /** In the application's place. */
    private static final class Received extends ChannelInboundHandlerAdapter {
        private final Tally tally;

        Received(Tally tally) {
            this.tally = tally;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            count(tally, ((WebSocketFrame) message).content());
        }
    }
}
