package dev.bowline.websocket.internal.server;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

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

    private final Predicate<InetAddress> proxies;

    /** @param proxies whose connections are their clients', and count for those when they say who they are */
    Admission(int max, int maxPerAddress, Predicate<InetAddress> proxies) {
        this.max = max;
        this.maxPerAddress = maxPerAddress;
        this.proxies = proxies;
    }

    /** Counts a new connection; if it is admitted, {@link #release} must follow. */
    Verdict admit(InetAddress address) {
        if (total.incrementAndGet() > max) {
            total.decrementAndGet();
            return Verdict.SERVER_FULL;
        }
        if (!count(address)) {
            total.decrementAndGet();
            return Verdict.ADDRESS_FULL;
        }
        return Verdict.ADMITTED;
    }

    /**
     * A connection that was admitted is known to be another address's than it came from.
     *
     * @return false if that has too many; then it still counts for the one that it came from
     */
    boolean admitClient(InetAddress from, InetAddress client) {
        if (from.equals(client)) {
            return true;
        }
        if (!count(client)) {
            return false;
        }
        uncount(from);
        return true;
    }

    private boolean count(InetAddress address) {
        if (!proxies.test(address) && perAddress.merge(counted(address), 1, Integer::sum) > maxPerAddress) {
            uncount(address);
            return false;
        }
        return true;
    }

    private void uncount(InetAddress address) {
        if (!proxies.test(address)) {
            perAddress.computeIfPresent(counted(address), (a, count) -> count == 1 ? null : count - 1);
        }
    }

    private static Object counted(InetAddress address) {
        return address instanceof Inet6Address
                ? ByteBuffer.wrap(address.getAddress()).getLong()
                : address;
    }

    void release(InetAddress address) {
        total.decrementAndGet();
        uncount(address);
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
