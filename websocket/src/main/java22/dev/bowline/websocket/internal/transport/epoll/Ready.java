package dev.bowline.websocket.internal.transport.epoll;

import static dev.bowline.websocket.internal.transport.epoll.Kernel.EPOLL_CTL_ADD;
import static dev.bowline.websocket.internal.transport.epoll.Kernel.EPOLL_CTL_DEL;
import static dev.bowline.websocket.internal.transport.epoll.Kernel.EPOLL_CTL_MOD;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A socket that epoll watches. Touched by the transport's loop alone. */
abstract class Ready {
    static final int NOT_REGISTERED = -1;

    final int fd;

    @Nullable
    EpollTransport transport; // null until it is registered

    int slot = NOT_REGISTERED; // the transport's: where it finds this object
    private int watched; // the events that epoll tells of; zero: it does not know the socket
    private boolean closed;

    Ready(int fd) {
        this.fd = fd;
    }

    /** Something happened. */
    abstract void onReady(int events);

    public final boolean isOpen() {
        return !closed;
    }

    /**
     * Says which events to tell of. With none, epoll must not know the socket at all, since it tells of errors unasked.
     *
     * @throws IOException if epoll takes no more sockets
     */
    final void watch(EpollTransport by, int events) throws IOException {
        if (closed || events == watched) {
            return;
        }
        int operation = watched == 0 ? EPOLL_CTL_ADD : events == 0 ? EPOLL_CTL_DEL : EPOLL_CTL_MOD;
        by.control(operation, this, events);
        watched = events;
    }

    /** The events to tell of. */
    final int watched() {
        return watched;
    }

    public final void close() {
        if (!closed) {
            closed = true;
            if (transport == null) {
                EpollTransport.closeUnregistered(fd);
            } else {
                transport.forget(this);
            }
        }
    }
}
