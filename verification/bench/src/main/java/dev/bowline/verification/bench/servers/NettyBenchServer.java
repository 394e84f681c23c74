package dev.bowline.verification.bench.servers;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketServerExtensionHandler;
import io.netty.handler.codec.http.websocketx.extensions.compression.PerMessageDeflateServerExtensionHandshaker;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * Netty, with its own handlers for WebSocket and one event loop, on its native epoll where that is there. It writes as
 * it reads, and flushes when all that was there is read, with promises that nobody looks at; its buffers go from the
 * one to the other without a copy. The rest is its defaults, the pooled allocator among them.
 */
final class NettyBenchServer {
    private static final int MAX_HEAD_BYTES = 64 * 1024;

    private NettyBenchServer() {}

    public static void main(String[] arguments) throws Exception {
        Mode mode = Mode.of(arguments);
        boolean epoll = Epoll.isAvailable();
        IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        Class<? extends ServerChannel> type = epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
        EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, io);
        List<Channel> all = new ArrayList<>(); // touched by the one loop alone
        Channel server = new ServerBootstrap()
                .group(loop)
                .channel(type)
                .option(ChannelOption.SO_BACKLOG, Settings.BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        ChannelPipeline pipeline = channel.pipeline();
                        pipeline.addLast(new HttpServerCodec(), new HttpObjectAggregator(MAX_HEAD_BYTES));
                        if (mode == Mode.DEFLATE) {
                            // What its WebSocketServerCompressionHandler allows is less than most clients offer.
                            pipeline.addLast(
                                    new WebSocketServerExtensionHandler(new PerMessageDeflateServerExtensionHandshaker(
                                            Settings.COMPRESSION_LEVEL, true, 15, true, true, Settings.LARGEST)));
                        }
                        pipeline.addLast(
                                new WebSocketServerProtocolHandler(WebSocketServerProtocolConfig.newBuilder()
                                        .websocketPath("/")
                                        .checkStartsWith(true)
                                        .allowExtensions(mode == Mode.DEFLATE)
                                        .maxFramePayloadLength(Settings.LARGEST)
                                        .build()),
                                new WebSocketFrameAggregator(Settings.LARGEST),
                                mode == Mode.BROADCAST ? new Broadcast(all) : new Echo());
                    }
                })
                .bind(Settings.HOST, 0)
                .sync()
                .channel();
        Console.serve(((InetSocketAddress) server.localAddress()).getPort());
    }

    /** Writes as it reads, and flushes when what was there is read. */
    private static final class Echo extends SimpleChannelInboundHandler<WebSocketFrame> {
        Echo() {
            super(false);
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
            ChannelFuture unused = context.write(frame, context.voidPromise()); // a failure goes down the pipeline
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }
    }

    /** Writes to all as it reads, and flushes when what was there is read. */
    private static final class Broadcast extends SimpleChannelInboundHandler<WebSocketFrame> {
        private final List<Channel> all;
        private boolean wrote;

        Broadcast(List<Channel> all) {
            this.all = all;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
            if (event instanceof WebSocketServerProtocolHandler.HandshakeComplete) {
                all.add(context.channel());
            }
            super.userEventTriggered(context, event);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) throws Exception {
            all.remove(context.channel());
            super.channelInactive(context);
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
            ByteBuf content = frame.content();
            for (Channel channel : all) {
                ChannelFuture unused = channel.write(frame.replace(content.retainedDuplicate()), channel.voidPromise());
            }
            wrote = true;
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            if (wrote) {
                wrote = false;
                all.forEach(Channel::flush);
            }
        }
    }
}
