package dev.bowline.websocket.internal.server;

import dev.bowline.codec.Visible;
import dev.bowline.codec.handshake.Authority;
import java.net.IDN;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The names that a server goes by. A page of an attacker can have its own host name resolve to the server's address (DNS
 * rebinding); the browser then takes the server for the page's own. It still sends the attacker's name in {@code Host}.
 * Immutable.
 */
public final class HostNames {
    private final Set<String> names;

    /**
     * @param names host names and IP addresses without a port, an IPv6 address with or without its brackets; none for any
     *     name
     * @throws IllegalArgumentException for what is none, saying what was expected
     */
    public HostNames(Collection<String> names) {
        this.names = new TreeSet<>();
        names.forEach(name -> this.names.add(parse(name)));
    }

    private static String parse(String name) {
        boolean bare6 = !name.startsWith("[") && name.indexOf(':') != name.lastIndexOf(':');
        Authority authority = Authority.parse(bare6 ? "[" + name + "]" : name);
        if (authority != null && authority.port() >= 0) {
            throw refused(name, "must have no port: " + authority.host());
        }
        if (authority == null
                || authority.host().isEmpty()
                || authority.host().contains("*")
                || name.endsWith(":")
                || !isAddressIfBracketed(authority.host())) {
            String ascii = toAscii(name);
            throw refused(
                    name,
                    ascii != null
                            ? "must be in ASCII, as browsers send it: " + ascii
                            : "must be one host name or IP address, such as example.com, 127.0.0.1 or [::1]");
        }
        return canonical(authority.host());
    }

    private static IllegalArgumentException refused(String name, String expected) {
        return new IllegalArgumentException("allowed host \"" + Visible.of(name) + "\" " + expected);
    }

    /** What browsers make of a name in other scripts, for messages; null if it is in ASCII or no such name. */
    public static @Nullable String toAscii(String name) {
        try {
            String ascii = IDN.toASCII(name);
            return ascii.equals(name) ? null : ascii;
        } catch (IllegalArgumentException notAName) {
            return null;
        }
    }

    /** Whether a request for this host and port, as they came, is for the server; malformed ones are for nobody. */
    public boolean allow(@Nullable String authority) {
        if (names.isEmpty()) {
            return true;
        }
        Authority parsed = authority == null ? null : Authority.parse(authority);
        return parsed != null && names.contains(canonical(parsed.host()));
    }

    /** The names in a form that compares, in alphabetical order; empty for any name. */
    public Set<String> names() {
        return Set.copyOf(names);
    }

    /**
     * A host in the form in which it is compared: in lower case, an IPv6 address in full. A dot at the end stays: to
     * browsers it makes another host.
     */
    public static String canonical(String host) {
        InetAddress address = literal(host);
        return address instanceof Inet6Address
                ? "[" + address.getHostAddress() + "]"
                : host.toLowerCase(
                        Locale.ROOT); // an IPv4 address mapped into IPv6 is no Inet6Address, and stays as it is
    }

    private static boolean isAddressIfBracketed(String host) {
        return !host.startsWith("[") || literal(host) != null;
    }

    /** The address in brackets; null for anything else. What is in brackets is never looked up. */
    private static @Nullable InetAddress literal(String host) {
        try {
            return host.startsWith("[") && host.indexOf('%') < 0 ? InetAddress.getByName(host) : null;
        } catch (UnknownHostException malformed) {
            return null;
        }
    }
}
