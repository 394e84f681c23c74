package dev.bowline.websocket.internal.transport.epoll;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;

/** The C library's {@code sockaddr_in} and {@code sockaddr_in6}. */
final class SocketAddresses {
    /** Room for either. */
    static final int BYTES = 28;

    private static final int IPV4_BYTES = 16;

    private static final ValueLayout.OfShort FAMILY = ValueLayout.JAVA_SHORT;
    private static final ValueLayout.OfShort PORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt SCOPE = ValueLayout.JAVA_INT;

    // Behind family and port: in the one the address, in the other flow information, address and scope.
    private static final int PORT_AT = 2;
    private static final int IPV4_AT = 4;
    private static final int IPV6_AT = 8;
    private static final int SCOPE_AT = 24;

    private SocketAddresses() {}

    /**
     * Writes an address.
     *
     * @param family {@link Kernel#AF_INET6} also for IPv4 addresses, which are mapped then (RFC 4291 §2.5.5.2)
     * @return its length in bytes
     */
    static int write(MemorySegment target, int family, InetAddress address, int port) {
        target.fill((byte) 0);
        target.set(FAMILY, 0, (short) family);
        target.set(PORT, PORT_AT, (short) port);
        byte[] bytes = address.getAddress();
        if (family == Kernel.AF_INET) {
            MemorySegment.copy(bytes, 0, target, ValueLayout.JAVA_BYTE, IPV4_AT, bytes.length);
            return IPV4_BYTES;
        }
        if (address instanceof Inet6Address ipv6) {
            MemorySegment.copy(bytes, 0, target, ValueLayout.JAVA_BYTE, IPV6_AT, bytes.length);
            target.set(SCOPE, SCOPE_AT, ipv6.getScopeId());
        } else if (!address.isAnyLocalAddress()) { // which is all zeros in either family
            target.set(ValueLayout.JAVA_SHORT, IPV6_AT + 10, (short) -1);
            MemorySegment.copy(bytes, 0, target, ValueLayout.JAVA_BYTE, IPV6_AT + 12, bytes.length);
        }
        return BYTES;
    }

    /** Reads an address; one that is mapped becomes the IPv4 address that it stands for. */
    static InetSocketAddress read(MemorySegment source) throws IOException {
        int family = source.get(FAMILY, 0);
        int port = source.get(PORT, PORT_AT) & 0xFFFF;
        try {
            if (family == Kernel.AF_INET) {
                return new InetSocketAddress(InetAddress.getByAddress(bytes(source, IPV4_AT, 4)), port);
            }
            if (family != Kernel.AF_INET6) {
                throw new IOException("address of family " + family + ", must be IPv4 or IPv6");
            }
            byte[] address = bytes(source, IPV6_AT, 16);
            int scope = source.get(SCOPE, SCOPE_AT);
            return new InetSocketAddress(
                    scope == 0 ? InetAddress.getByAddress(address) : Inet6Address.getByAddress(null, address, scope),
                    port);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of a wrong length", e);
        }
    }

    private static byte[] bytes(MemorySegment source, int at, int count) {
        return source.asSlice(at, count).toArray(ValueLayout.JAVA_BYTE);
    }
}
