package dev.bowline.verification.bench.servers;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
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

/** Netty, with its own handlers for WebSocket, on its native epoll where that is there. */
final class NettyBenchServer {
    private static final int LARGEST = 16 * 1024 * 1024 + 1024;

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
                .option(ChannelOption.SO_BACKLOG, 4096)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        ChannelPipeline pipeline = channel.pipeline();
                        pipeline.addLast(new HttpServerCodec(), new HttpObjectAggregator(64 * 1024));
                        if (mode == Mode.DEFLATE) {
                            // What its WebSocketServerCompressionHandler allows is less than most clients offer.
                            pipeline.addLast(new WebSocketServerExtensionHandler(
                                    new PerMessageDeflateServerExtensionHandshaker(6, true, 15, true, true, LARGEST)));
                        }
                        pipeline.addLast(
                                new WebSocketServerProtocolHandler(WebSocketServerProtocolConfig.newBuilder()
                                        .websocketPath("/")
                                        .checkStartsWith(true)
                                        .allowExtensions(mode == Mode.DEFLATE)
                                        .maxFramePayloadLength(LARGEST)
                                        .build()),
                                new WebSocketFrameAggregator(LARGEST),
                                mode == Mode.BROADCAST ? new Broadcast(all) : new Echo());
                    }
                })
                .bind("127.0.0.1", 0)
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
            context.write(frame, context.voidPromise());
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }
    }

    private static final class Broadcast extends SimpleChannelInboundHandler<WebSocketFrame> {
        private final List<Channel> all;

        Broadcast(List<Channel> all) {
            this.all = all;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            all.add(context.channel());
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            all.remove(context.channel());
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
            ByteBuf content = frame.content();
            for (Channel channel : all) {
                channel.write(frame.replace(content.retainedDuplicate()), channel.voidPromise());
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            all.forEach(Channel::flush);
        }
    }
}
