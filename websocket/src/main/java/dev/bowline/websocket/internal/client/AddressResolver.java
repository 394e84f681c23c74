package dev.bowline.websocket.internal.client;

import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Finds the addresses of a host, without blocking. Safe from any thread. */
@FunctionalInterface
public interface AddressResolver {
    /**
     * Looks a name up.
     *
     * @param host a name or an address in text; an IPv6 address in brackets
     * @return completed with at least one address, in the order of preference; exceptionally with an
     *     {@link java.net.UnknownHostException} if there is none
     */
    CompletionStage<List<InetAddress>> resolve(String host);
}
