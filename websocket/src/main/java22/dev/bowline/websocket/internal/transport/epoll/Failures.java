package dev.bowline.websocket.internal.transport.epoll;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketException;

/** What the kernel refused, as the exceptions that the JDK's own sockets throw. */
final class Failures {
    private Failures() {}

    /**
     * The exception for a result.
     *
     * @param result {@code -errno}
     */
    static IOException of(int result) {
        String what = Kernel.describe(-result);
        return switch (-result) {
            case Kernel.EADDRINUSE, Kernel.EADDRNOTAVAIL, Kernel.EACCES -> new BindException(what);
            case Kernel.ECONNREFUSED, Kernel.ETIMEDOUT -> new ConnectException(what);
            case Kernel.EHOSTUNREACH -> new NoRouteToHostException(what);
            default -> new SocketException(what);
        };
    }

    /** The result, where it is none of a failure. */
    static int require(int result) throws IOException {
        if (result < 0) {
            throw of(result);
        }
        return result;
    }

    static void requireResolved(InetSocketAddress address) throws IOException {
        if (address.isUnresolved()) {
            throw new java.net.UnknownHostException(address.getHostString());
        }
    }
}
