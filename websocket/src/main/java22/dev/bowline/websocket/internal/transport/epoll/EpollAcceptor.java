package dev.bowline.websocket.internal.transport.epoll;

import dev.bowline.websocket.internal.log.Log;
import dev.bowline.websocket.internal.transport.Transport.AcceptHandler;
import dev.bowline.websocket.internal.transport.Transport.Acceptor;
import java.io.IOException;
import java.net.InetSocketAddress;

/** A listening socket. */
final class EpollAcceptor extends Ready implements Acceptor {
    private static final Log LOG = Log.of(EpollAcceptor.class);

    /** How many streams to accept before streams that are open get their turn; as many as on NIO. */
    private static final int ACCEPT_BATCH = 1024;

    private final InetSocketAddress localAddress;
    private final AcceptHandler handler;

    EpollAcceptor(int fd, InetSocketAddress localAddress, AcceptHandler handler) {
        super(fd);
        this.localAddress = localAddress;
        this.handler = handler;
    }

    @Override
    void onReady(int events) {
        for (int i = 0; i < ACCEPT_BATCH && transport != null && isOpen(); i++) {
            int accepted = transport.accept(this);
            switch (accepted) {
                case -Kernel.EAGAIN -> {
                    return;
                }
                case -Kernel.ECONNABORTED, -Kernel.EINTR -> {} // this one peer has gone already; the next has not
                default -> {
                    if (accepted < 0) {
                        handler.onAcceptFailed(this, Failures.of(accepted));
                        return;
                    }
                    if (!handOver(transport, accepted)) {
                        return;
                    }
                }
            }
        }
    }

    private boolean handOver(EpollTransport by, int accepted) {
        try {
            handler.onAccepted(new EpollStream(accepted, by.acceptedAddress()));
            return true;
        } catch (IOException e) { // of a family that this socket does not serve
            EpollTransport.closeUnregistered(accepted);
            LOG.log(System.Logger.Level.WARNING, "An accepted stream was not understood", e);
            return true;
        } catch (RuntimeException | Error e) { // no memory
            EpollTransport.closeUnregistered(accepted);
            handler.onAcceptFailed(this, new IOException(e));
            return false;
        }
    }

    @Override
    public InetSocketAddress localAddress() {
        return localAddress;
    }

    @Override
    public void accepting(boolean on) {
        if (transport != null) {
            try {
                watch(transport, on ? Kernel.EPOLLIN : 0);
            } catch (IOException e) { // the kernel has no memory for it now; perhaps later
                handler.onAcceptFailed(this, e);
            }
        }
    }
}
