package dev.bowline.redis;

import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Watches all connections of a client, and closes one on which something was sent and nothing came back for a time: TCP alone would not
 * tell for minutes that the other end is gone. The client connects again by itself. Safe from any thread.
 */
final class Liveness implements NettyCustomizer {
    /** What {@link #down} returns while a connection is there. */
    static final long UP = -1;

    /** In how many parts the time is looked at: a process that stood still itself must not take that for the other end's silence. */
    private static final int PARTS = 6;

    private final long partNanos;
    private final Set<Channel> active = ConcurrentHashMap.newKeySet();
    private final AtomicLong activations = new AtomicLong();

    /**
     * @param silence how long nothing may come back
     */
    Liveness(Duration silence) {
        partNanos = silence.toNanos() / PARTS;
    }

    @Override
    public void afterChannelInitialized(Channel channel) {
        channel.pipeline().addFirst(new Watch());
    }

    /**
     * Which time it is that there is no connection at all; {@link #UP} while there is one. If it is the same now as before, there was none
     * in between, and nothing can have been sent.
     */
    long down() {
        long count = activations.get();
        return active.isEmpty() ? count : UP;
    }

    /** Closes all connections. The client makes them again, to where its server is now. */
    void closeAll() {
        for (Channel channel : active) {
            ChannelFuture unused = channel.close(); // whatever comes of it, the channel's end is told
        }
    }

    /** Of one connection; on its thread alone. */
    private final class Watch extends ChannelDuplexHandler {
        private @Nullable ScheduledFuture<?> looking;
        private boolean waiting;
        private int parts;

        @Override
        public void channelActive(ChannelHandlerContext context) {
            active.add(context.channel());
            activations.incrementAndGet();
            looking = context.executor()
                    .scheduleWithFixedDelay(() -> look(context), partNanos, partNanos, TimeUnit.NANOSECONDS);
            context.fireChannelActive();
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            active.remove(context.channel());
            if (looking != null) {
                looking.cancel(false);
            }
            context.fireChannelInactive();
        }

        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) throws Exception {
            if (!waiting) {
                waiting = true;
                parts = 0;
            }
            super.write(context, message, promise);
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            waiting = false;
            context.fireChannelRead(message);
        }

        private void look(ChannelHandlerContext context) {
            parts++;
            if (waiting && parts > PARTS) {
                ChannelFuture unused = context.close();
            }
        }
    }
}
