package dev.bowline.verification.interop.peer;

import dev.bowline.codec.Role;
import dev.bowline.verification.interop.Deflate;
import dev.bowline.verification.interop.End;
import dev.bowline.verification.interop.Listening;
import dev.bowline.verification.interop.Message;
import dev.bowline.verification.interop.Settings;
import dev.bowline.verification.interop.TestTls;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler.ClientHandshakeStateEvent;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler.HandshakeComplete;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketClientExtensionHandler;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketServerExtensionHandler;
import io.netty.handler.codec.http.websocketx.extensions.compression.PerMessageDeflateClientExtensionHandshaker;
import io.netty.handler.codec.http.websocketx.extensions.compression.PerMessageDeflateServerExtensionHandshaker;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * Netty, with its handlers for WebSocket and, for windows, a Deflater in Java ({@code jzlib}). Its client can allow windows, and
 * ask for one of the server; its server can prefer a window of the client.
 */
public final class NettyPeer extends JvmPeer {
    private static final int LEVEL = 6;
    private static final int DEFAULT_BITS = 15;

    private @Nullable EventLoopGroup started; // touched by the test's thread alone

    public NettyPeer() {
        super("Netty", NioSocketChannel.class);
    }

    /** Its handler answers Pings by itself. */
    @Override
    public Set<Ability> abilities() {
        return EnumSet.complementOf(EnumSet.of(Ability.SEE_PING));
    }

    @Override
    public boolean canAskFor(Role role, Deflate deflate) {
        return role == Role.CLIENT ? deflate.clientMaxWindowBits() == 0 : deflate.serverMaxWindowBits() == 0;
    }

    private EventLoopGroup loops() {
        if (started == null) {
            started = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        }
        return started;
    }

    private static int bits(int asked) {
        return asked == 0 ? DEFAULT_BITS : asked;
    }

    private static SslHandler secured(String host, int port) {
        SSLEngine engine = TestTls.clientSide().createSSLEngine(host, port);
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        engine.setSSLParameters(parameters);
        return new SslHandler(engine);
    }

    @Override
    public End connect(URI uri, Settings settings, String... subprotocols) {
        NettyEnd end = new NettyEnd();
        new Bootstrap()
                .group(loops())
                .channel(NioSocketChannel.class)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        ChannelPipeline pipeline = channel.pipeline();
                        if (settings.tls()) {
                            pipeline.addLast(secured(uri.getHost(), uri.getPort()));
                        }
                        pipeline.addLast(new HttpClientCodec(), new HttpObjectAggregator(LIMIT_BYTES));
                        Deflate deflate = settings.deflate();
                        if (deflate != null) {
                            pipeline.addLast(
                                    new WebSocketClientExtensionHandler(new PerMessageDeflateClientExtensionHandshaker(
                                            LEVEL,
                                            true,
                                            bits(deflate.serverMaxWindowBits()),
                                            deflate.clientNoContextTakeover(),
                                            deflate.serverNoContextTakeover(),
                                            LIMIT_BYTES)));
                        }
                        pipeline.addLast(new WebSocketClientProtocolHandler(WebSocketClientProtocolConfig.newBuilder()
                                .webSocketUri(uri)
                                .allowExtensions(true)
                                .maxFramePayloadLength(LIMIT_BYTES)
                                .handleCloseFrames(false)
                                .dropPongFrames(false)
                                .build()));
                        pipeline.addLast(new WebSocketFrameAggregator(LIMIT_BYTES), new Receiver(end, null));
                    }
                })
                .connect(uri.getHost(), uri.getPort())
                .addListener(future -> {
                    if (!future.isSuccess()) {
                        end.failed(future.cause());
                    }
                });
        return end;
    }

    @Override
    public Listening listen(Settings settings) {
        Accepted accepted = new Accepted();
        Channel server = new ServerBootstrap()
                .group(loops())
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        NettyEnd end = new NettyEnd();
                        ChannelPipeline pipeline = channel.pipeline();
                        if (settings.tls()) {
                            SSLEngine engine = TestTls.serverSide().createSSLEngine();
                            engine.setUseClientMode(false);
                            pipeline.addLast(new SslHandler(engine));
                        }
                        pipeline.addLast(new HttpServerCodec(), new HttpObjectAggregator(LIMIT_BYTES));
                        Deflate deflate = settings.deflate();
                        if (deflate != null) {
                            pipeline.addLast(
                                    new WebSocketServerExtensionHandler(new PerMessageDeflateServerExtensionHandshaker(
                                            LEVEL,
                                            true,
                                            bits(deflate.clientMaxWindowBits()),
                                            true,
                                            deflate.clientNoContextTakeover(),
                                            LIMIT_BYTES)));
                        }
                        pipeline.addLast(new WebSocketServerProtocolHandler(WebSocketServerProtocolConfig.newBuilder()
                                .websocketPath("/")
                                .checkStartsWith(true)
                                .allowExtensions(true)
                                .maxFramePayloadLength(LIMIT_BYTES)
                                .handleCloseFrames(false)
                                .dropPongFrames(false)
                                .build()));
                        pipeline.addLast(new WebSocketFrameAggregator(LIMIT_BYTES), new Receiver(end, accepted));
                    }
                })
                .bind("127.0.0.1", 0)
                .syncUninterruptibly()
                .channel();
        int port = ((InetSocketAddress) server.localAddress()).getPort();
        return accepted.on(port, () -> server.close().syncUninterruptibly());
    }

    @Override
    public void close() {
        if (started != null) {
            started.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }

    private static final class NettyEnd extends JvmEnd {
        private volatile @Nullable Channel channel; // written before the test sees that it is open
        private volatile boolean closing; // written by the test's thread before it sends a Close frame
        private boolean insideMessage; // touched by the test's thread alone

        void begin(Channel open) {
            channel = open;
            opened();
        }

        private void write(WebSocketFrame frame) {
            // A test that misses what was not written fails by itself.
            ChannelFuture unused =
                    Objects.requireNonNull(channel, "not open yet").writeAndFlush(frame);
        }

        @Override
        public void send(Message message) {
            sendPart(message.isText(), message.payload(), true);
        }

        @Override
        public void sendPart(boolean isText, byte[] part, boolean last) {
            ByteBuf bytes = Unpooled.wrappedBuffer(part);
            if (insideMessage) {
                write(new ContinuationWebSocketFrame(last, 0, bytes));
            } else {
                write(isText ? new TextWebSocketFrame(last, 0, bytes) : new BinaryWebSocketFrame(last, 0, bytes));
            }
            insideMessage = !last;
        }

        @Override
        public void ping(byte... payload) {
            write(new PingWebSocketFrame(Unpooled.wrappedBuffer(payload)));
        }

        @Override
        public void close(int code, String reason) {
            closing = true;
            write(new CloseWebSocketFrame(code, reason));
        }
    }

    /** It leaves the closing handshake to its user, who must say what comes last. */
    private static final class Receiver extends SimpleChannelInboundHandler<WebSocketFrame> {
        private final NettyEnd end;
        private final @Nullable Accepted accepted;

        /** @param accepted where a server's end goes */
        Receiver(NettyEnd end, @Nullable Accepted accepted) {
            this.end = end;
            this.accepted = accepted;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event == ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) {
                end.begin(context.channel());
            } else if (event instanceof HandshakeComplete complete && accepted != null) {
                end.begin(context.channel());
                accepted.put(complete.requestUri(), end);
            }
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
            ByteBuffer content = frame.content().nioBuffer();
            if (frame instanceof TextWebSocketFrame text) {
                end.text(text.text());
            } else if (frame instanceof BinaryWebSocketFrame) {
                end.binary(content);
            } else if (frame instanceof PongWebSocketFrame) {
                end.pong(content);
            } else if (frame instanceof CloseWebSocketFrame close) {
                end.closed(close.statusCode(), close.reasonText());
                ChannelFuture answered =
                        end.closing ? context.newSucceededFuture() : context.writeAndFlush(close.retain());
                if (accepted != null) {
                    answered.addListener(ChannelFutureListener.CLOSE); // the server ends the stream (RFC 6455 §7.1.1)
                }
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
            end.failed(failure);
        }
    }
}
