package dev.bowline.verification.bench.polling;

import dev.bowline.testkit.FaultProxy;
import dev.bowline.testkit.FaultProxy.Direction;
import dev.bowline.testkit.ProxyLink;
import java.util.List;

/** Bytes that went through a proxy between clients and their server: what TCP carries, without its own headers. */
record Traffic(long toServer, long toClients) {
    /**
     * So far.
     *
     * @throws IllegalStateException if a connection has ended: what went through it is not known any more
     */
    static Traffic through(FaultProxy proxy) {
        List<ProxyLink> links = proxy.links();
        if (links.size() != proxy.acceptedCount()) {
            throw new IllegalStateException(
                    "of " + proxy.acceptedCount() + " connections there are " + links.size() + " left");
        }
        return new Traffic(sum(links, Direction.TO_SERVER), sum(links, Direction.TO_CLIENT));
    }

    private static long sum(List<ProxyLink> links, Direction direction) {
        return links.stream().mapToLong(link -> link.forwardedBytes(direction)).sum();
    }

    Traffic minus(Traffic other) {
        return new Traffic(toServer - other.toServer, toClients - other.toClients);
    }
}
