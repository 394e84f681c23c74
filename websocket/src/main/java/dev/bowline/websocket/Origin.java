package dev.bowline.websocket;

import dev.bowline.codec.handshake.Authority;
import dev.bowline.websocket.internal.server.HostNames;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The origin of a page (RFC 6454 §4): two are the same if all three parts are.
 *
 * @param scheme in lower case
 * @param host as {@link HostNames#canonical} has it; not empty
 * @param port the scheme's own where none is given; -1 where the scheme has none
 */
record Origin(String scheme, String host, int port) {
    /** Names have at most 253 characters; what is longer is no origin of a browser. */
    private static final int MAX_CHARACTERS = 512;

    /** Parses {@code scheme "://" host [ ":" port ]} (RFC 6454 §7.1); null for anything else, "null" too. */
    static @Nullable Origin parse(String text) {
        int colon = text.indexOf("://");
        if (colon < 1 || text.length() > MAX_CHARACTERS || !isScheme(text.substring(0, colon))) {
            return null;
        }
        String scheme = text.substring(0, colon).toLowerCase(Locale.ROOT);
        Authority authority = Authority.parse(text.substring(colon + 3));
        return authority == null || authority.host().isEmpty() ? null : of(scheme, authority);
    }

    /** The origin of what is found at a host and port by that scheme. */
    static Origin of(String scheme, Authority authority) {
        int port = authority.port();
        if (port < 0) {
            port = scheme.equals("http") ? 80 : scheme.equals("https") ? 443 : -1;
        }
        return new Origin(scheme, HostNames.canonical(authority.host()), port);
    }

    private static boolean isScheme(String text) {
        char first = text.charAt(0);
        return (first | 0x20) >= 'a'
                && (first | 0x20) <= 'z'
                && text.chars().allMatch(c -> c < 0x80 && (Character.isLetterOrDigit(c) || "+-.".indexOf(c) >= 0));
    }
}
