package dev.bowline.websocket.internal.transport.epoll;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The system calls of Linux that the transport needs. Each returns what the call returned, or {@code -errno} where it
 * failed, as the kernel itself does.
 *
 * <p>Memory is passed by its address: the caller sees to it that it is there until the call returns. An object of this
 * class is used by one thread at a time, as it holds the place where the C library leaves {@code errno}.
 */
@SuppressWarnings("restricted") // it calls native code: that is its duty
final class Kernel {
    // The numbers of Linux; the same on x86-64 and arm64.
    static final int EINTR = 4;
    static final int EAGAIN = 11;
    static final int EACCES = 13;
    static final int EAFNOSUPPORT = 97;
    static final int EADDRINUSE = 98;
    static final int EADDRNOTAVAIL = 99;
    static final int ECONNABORTED = 103;
    static final int ETIMEDOUT = 110;
    static final int ECONNREFUSED = 111;
    static final int EHOSTUNREACH = 113;
    static final int EINPROGRESS = 115;

    static final int EPOLL_CTL_ADD = 1;
    static final int EPOLL_CTL_DEL = 2;
    static final int EPOLL_CTL_MOD = 3;
    static final int EPOLLIN = 0x1;
    static final int EPOLLOUT = 0x4;
    static final int EPOLLERR = 0x8;
    static final int EPOLLHUP = 0x10;

    static final int AF_INET = 2;
    static final int AF_INET6 = 10;
    static final int SHUT_WR = 1;

    private static final int SOCK_STREAM = 1;
    private static final int CLOEXEC = 0x80000; // SOCK_CLOEXEC, EPOLL_CLOEXEC and EFD_CLOEXEC
    private static final int NONBLOCK = 0x800; // SOCK_NONBLOCK and EFD_NONBLOCK
    private static final int SOL_SOCKET = 1;
    private static final int SO_REUSEADDR = 2;
    private static final int SO_ERROR = 4;
    private static final int IPPROTO_TCP = 6;
    private static final int TCP_NODELAY = 1;
    private static final int IPPROTO_IPV6 = 41;
    private static final int IPV6_V6ONLY = 26;
    /** A peer that has gone is an error to report, not a signal to die of. */
    private static final int MSG_NOSIGNAL = 0x4000;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG; // long, size_t, ssize_t and addresses

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MemoryLayout CALL_STATE = Linker.Option.captureStateLayout();

    private static final MethodHandle EPOLL_CREATE1 = find("epoll_create1", INT, INT);
    private static final MethodHandle EPOLL_CTL = find("epoll_ctl", INT, INT, INT, INT, LONG);
    private static final MethodHandle EPOLL_WAIT = find("epoll_wait", INT, INT, LONG, INT, INT);
    private static final MethodHandle EVENTFD = find("eventfd", INT, INT, INT);
    private static final MethodHandle SOCKET = find("socket", INT, INT, INT, INT);
    private static final MethodHandle BIND = find("bind", INT, INT, LONG, INT);
    private static final MethodHandle LISTEN = find("listen", INT, INT, INT);
    private static final MethodHandle ACCEPT4 = find("accept4", INT, INT, LONG, LONG, INT);
    private static final MethodHandle CONNECT = find("connect", INT, INT, LONG, INT);
    private static final MethodHandle GETSOCKNAME = find("getsockname", INT, INT, LONG, LONG);
    private static final MethodHandle GETSOCKOPT = find("getsockopt", INT, INT, INT, INT, LONG, LONG);
    private static final MethodHandle SETSOCKOPT = find("setsockopt", INT, INT, INT, INT, LONG, INT);
    private static final MethodHandle SHUTDOWN = find("shutdown", INT, INT, INT);
    private static final MethodHandle CLOSE = find("close", INT, INT);
    private static final MethodHandle READ = find("read", LONG, INT, LONG, LONG);
    private static final MethodHandle WRITE = find("write", LONG, INT, LONG, LONG);
    private static final MethodHandle RECV = find("recv", LONG, INT, LONG, LONG, INT);
    private static final MethodHandle SEND = find("send", LONG, INT, LONG, LONG, INT);
    private static final MethodHandle WRITEV = find("writev", LONG, INT, LONG, INT);
    private static final MethodHandle STRERROR = LINKER.downcallHandle(
            symbol("strerror"),
            FunctionDescriptor.of(
                    ValueLayout.ADDRESS.withTargetLayout(MemoryLayout.sequenceLayout(256, ValueLayout.JAVA_BYTE)),
                    INT));

    private final MemorySegment callState = Arena.ofAuto().allocate(CALL_STATE);
    private final MemorySegment scratch = Arena.ofAuto().allocate(16, 8); // option values and their lengths

    private static MethodHandle find(String name, MemoryLayout result, MemoryLayout... parameters) {
        return LINKER.downcallHandle(
                symbol(name), FunctionDescriptor.of(result, parameters), Linker.Option.captureCallState("errno"));
    }

    private static MemorySegment symbol(String name) {
        return LINKER.defaultLookup()
                .find(name)
                .orElseThrow(() -> new UnsupportedOperationException("the C library has no " + name));
    }

    // ---- epoll ----

    int epollCreate() {
        try {
            return result((int) EPOLL_CREATE1.invokeExact(callState, CLOEXEC));
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    int epollCtl(int epoll, int operation, int fd, long event) {
        try {
            return result((int) EPOLL_CTL.invokeExact(callState, epoll, operation, fd, event));
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    int epollWait(int epoll, long events, int count, int timeoutMillis) {
        try {
            return result((int) EPOLL_WAIT.invokeExact(callState, epoll, events, count, timeoutMillis));
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    int eventfd() {
        try {
            return result((int) EVENTFD.invokeExact(callState, 0, CLOEXEC | NONBLOCK));
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    // ---- Sockets: TCP, not blocking, not inherited by programs that are started ----

    int socket(int family) {
        try {
            return result((int) SOCKET.invokeExact(callState, family, SOCK_STREAM | CLOEXEC | NONBLOCK, 0));
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    int bind(int fd, long address, int length) {
        try {
            return result((int) BIND.invokeExact(callState, fd, address, length));
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    int listen(int fd, int backlog) {
        try {
            return result((int) LISTEN.invokeExact(callState, fd, backlog));
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    /** Puts the peer's address, of at most {@code room} bytes, at {@code address}. */
    int accept(int fd, long address, int room) {
        scratch.set(INT, 0, room);
        try {
            return result((int) ACCEPT4.invokeExact(callState, fd, address, scratch.address(), CLOEXEC | NONBLOCK));
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    int connect(int fd, long address, int length) {
        try {
            return result((int) CONNECT.invokeExact(callState, fd, address, length));
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    int localAddress(int fd, long address, int room) {
        scratch.set(INT, 0, room);
        try {
            return result((int) GETSOCKNAME.invokeExact(callState, fd, address, scratch.address()));
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    /** How a connect ended: 0, or {@code -errno}. */
    int pendingError(int fd) {
        scratch.set(INT, 0, 0);
        scratch.set(INT, 8, Integer.BYTES);
        try {
            int result = result((int) GETSOCKOPT.invokeExact(
                    callState, fd, SOL_SOCKET, SO_ERROR, scratch.address(), scratch.address() + 8));
            return result < 0 ? result : -scratch.get(INT, 0);
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    /** Sends small writes at once; sockets accepted by this one inherit it. */
    int noDelay(int fd) {
        return option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
    }

    /** Binds a port on which an earlier socket's connections stand in TIME_WAIT. */
    int reuseAddress(int fd) {
        return option(fd, SOL_SOCKET, SO_REUSEADDR, 1);
    }

    /** Lets an IPv6 socket serve IPv4 too. */
    int bothFamilies(int fd) {
        return option(fd, IPPROTO_IPV6, IPV6_V6ONLY, 0);
    }

    private int option(int fd, int level, int name, int value) {
        scratch.set(INT, 0, value);
        try {
            return result((int) SETSOCKOPT.invokeExact(callState, fd, level, name, scratch.address(), Integer.BYTES));
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    int shutdown(int fd, int how) {
        try {
            return result((int) SHUTDOWN.invokeExact(callState, fd, how));
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    int close(int fd) {
        try {
            return result((int) CLOSE.invokeExact(callState, fd));
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    // ---- Bytes ----

    int read(int fd, long address, int length) {
        try {
            return result((int) (long) READ.invokeExact(callState, fd, address, (long) length));
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    int write(int fd, long address, int length) {
        try {
            return result((int) (long) WRITE.invokeExact(callState, fd, address, (long) length));
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    int receive(int fd, long address, int length) {
        try {
            return result((int) (long) RECV.invokeExact(callState, fd, address, (long) length, 0));
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    int send(int fd, long address, int length) {
        try {
            return result((int) (long) SEND.invokeExact(callState, fd, address, (long) length, MSG_NOSIGNAL));
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    /** The JVM ignores SIGPIPE, which this call, unlike {@link #send}, cannot be told not to raise. */
    long writeGathered(int fd, long vectors, int count) {
        try {
            long written = (long) WRITEV.invokeExact(callState, fd, vectors, count);
            return written >= 0 ? written : -errno();
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    // ---- Errors ----

    /** What the system says of an error, such as {@code Connection refused}. */
    static String describe(int errno) {
        try {
            return ((MemorySegment) STRERROR.invokeExact(errno)).getString(0);
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    private int result(int returned) {
        return returned >= 0 ? returned : -errno();
    }

    private int errno() {
        return callState.get(INT, 0); // the only state that is captured
    }

    private static AssertionError impossible(Throwable t) {
        if (t instanceof Error error) {
            throw error; // such as no memory, or a stack that has no room
        }
        throw new AssertionError("calling the C library failed", t); // declared by invokeExact, thrown by none of these
    }
}
