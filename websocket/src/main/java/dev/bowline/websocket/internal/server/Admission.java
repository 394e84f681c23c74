package dev.bowline.websocket.internal.server;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts the TCP connections of a server, in all and for each address, against what is allowed. An IPv6 address counts
 * for its network of 64 bits: who has one of its addresses has all of them.
 */
final class Admission {
    /** What is said to a new connection. */
    enum Verdict {
        ADMITTED,
        SERVER_FULL,
        ADDRESS_FULL
    }

    /** How many connections over the limit may be waiting for their refusal; those beyond are closed without one. */
    private static final int MAX_REFUSED = 256;

    private final int max;
    private final int maxPerAddress;
    private final AtomicInteger total = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final Map<Object, Integer> perAddress = new ConcurrentHashMap<>();

    Admission(int max, int maxPerAddress) {
        this.max = max;
        this.maxPerAddress = maxPerAddress;
    }

    /** Counts a new connection; if it is admitted, {@link #release} must follow. */
    Verdict admit(InetAddress address) {
        if (total.incrementAndGet() > max) {
            total.decrementAndGet();
            return Verdict.SERVER_FULL;
        }
        if (perAddress.merge(counted(address), 1, Integer::sum) > maxPerAddress) {
            release(address);
            return Verdict.ADDRESS_FULL;
        }
        return Verdict.ADMITTED;
    }

    private static Object counted(InetAddress address) {
        return address instanceof Inet6Address
                ? ByteBuffer.wrap(address.getAddress()).getLong()
                : address;
    }

    void release(InetAddress address) {
        total.decrementAndGet();
        perAddress.computeIfPresent(counted(address), (a, count) -> count == 1 ? null : count - 1);
    }

    /** Whether there is still room to tell a connection that was not admitted why; if so, {@link #releaseRefused}. */
    boolean admitRefused() {
        if (refused.incrementAndGet() > MAX_REFUSED) {
            refused.decrementAndGet();
            return false;
        }
        return true;
    }

    void releaseRefused() {
        refused.decrementAndGet();
    }
}
