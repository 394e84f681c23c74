package dev.bowline.websocket.internal.server;

import dev.bowline.codec.handshake.HttpHeaders;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The proxies whose word counts on who their clients are: {@code X-Forwarded-For}, to which each proxy on the way adds whom it has it from.
 * What others say there is worth nothing, as anybody can. Immutable; safe from any thread.
 */
public final class TrustedProxies {
    private static final Pattern IPV4 =
            Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)\\.){3}(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

    /**
     * The addresses that begin alike.
     *
     * @param prefix their first bits, as a number
     * @param rest how many bits of an address come behind
     * @param all how many there are
     */
    private record Network(BigInteger prefix, int rest, int all) {
        static Network of(InetAddress address, int bits) {
            int all = address.getAddress().length * 8;
            return new Network(number(address).shiftRight(all - bits), all - bits, all);
        }

        boolean contains(InetAddress address) {
            return address.getAddress().length * 8 == all
                    && number(address).shiftRight(rest).equals(prefix);
        }

        private static BigInteger number(InetAddress address) {
            return new BigInteger(1, address.getAddress());
        }
    }

    private final List<Network> networks = new ArrayList<>();

    /**
     * Those of some addresses and networks.
     *
     * @param texts such as {@code 127.0.0.1}, {@code 10.0.0.0/8}, {@code ::1} or {@code fd00::/8}
     * @throws IllegalArgumentException for what is neither
     */
    public TrustedProxies(List<String> texts) {
        for (String text : texts) {
            networks.add(network(text));
        }
    }

    private static Network network(String text) {
        int slash = text.indexOf('/');
        InetAddress address = literal(slash < 0 ? text : text.substring(0, slash));
        String length = slash < 0 ? "" : text.substring(slash + 1);
        if (address != null && (slash < 0 || length.matches("\\d{1,3}"))) {
            int all = address.getAddress().length * 8;
            int bits = slash < 0 ? all : Integer.parseInt(length);
            if (bits <= all) {
                return Network.of(address, bits);
            }
        }
        throw new IllegalArgumentException("trusted proxy is \"" + text
                + "\", must be an address or a network, such as 127.0.0.1, 10.0.0.0/8, ::1 or fd00::/8");
    }

    /** An address that is written out; never looked up. */
    private static @Nullable InetAddress literal(String text) {
        if (!IPV4.matcher(text).matches() && !IPV6.matcher(text).matches()) {
            return null;
        }
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            return null; // too many colons
        }
    }

    boolean trusts(InetAddress address) {
        for (Network network : networks) {
            if (network.contains(address)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Who a request is from: the last address of the header that is no trusted proxy's; with port 0, as it is not known. The other end of the
     * stream itself where that is no trusted proxy, or says nothing that can be read.
     */
    InetSocketAddress client(InetSocketAddress peer, HttpHeaders headers) {
        if (networks.isEmpty() || !trusts(peer.getAddress())) {
            return peer;
        }
        InetSocketAddress client = peer;
        List<String> hops = hops(headers);
        for (int i = hops.size() - 1; i >= 0; i--) {
            InetAddress address = literal(withoutPort(hops.get(i)));
            if (address == null) {
                break; // who says so is trusted, but not whoever that has it from
            }
            client = new InetSocketAddress(address, 0);
            if (!trusts(address)) {
                break;
            }
        }
        return client;
    }

    /** From the client to the last proxy; fields of one name are one list (RFC 9110 §5.3). */
    private static List<String> hops(HttpHeaders headers) {
        List<String> hops = new ArrayList<>();
        for (String value : headers.all("X-Forwarded-For")) {
            for (String hop : value.split(",", -1)) {
                hops.add(hop.strip());
            }
        }
        return hops;
    }

    /** Some add the port; an IPv6 address stands in brackets then. */
    private static String withoutPort(String hop) {
        if (hop.startsWith("[")) {
            int end = hop.indexOf(']');
            return end < 0 ? hop : hop.substring(1, end);
        }
        int colon = hop.indexOf(':');
        return colon >= 0 && colon == hop.lastIndexOf(':') ? hop.substring(0, colon) : hop;
    }
}
