package dev.bowline.codec.handshake;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Host and port, as in a {@code Host} field (RFC 9110 §7.2) or an origin.
 *
 * @param host in lower case; an IPv6 address in its brackets; empty where the text is
 * @param port 0 to 65535, or -1 where none is given
 */
public record Authority(String host, int port) {
    private static final String OTHERS_IN_NAME = "-._~%!$&'()*+,;="; // RFC 3986 §3.2.2, reg-name
    private static final String OTHERS_IN_LITERAL = OTHERS_IN_NAME + ":";

    /** Parses {@code uri-host [ ":" port ]}; null if it does not follow that grammar. */
    public static @Nullable Authority parse(String text) {
        int hostEnd = text.startsWith("[") ? text.indexOf(']') + 1 : text.indexOf(':');
        if (hostEnd < 0) {
            hostEnd = text.length();
        }
        String host = text.substring(0, hostEnd).toLowerCase(Locale.ROOT);
        int port = hostEnd == text.length() ? -1 : port(text.substring(hostEnd));
        return port < -1 || !(text.startsWith("[") ? isLiteral(host) : isName(host)) ? null : new Authority(host, port);
    }

    /** {@code ":" *DIGIT}: no digits mean the default port (RFC 3986 §3.2.3). -2 if it is something else. */
    private static int port(String text) {
        if (text.charAt(0) != ':' || text.length() > 6 || !text.chars().skip(1).allMatch(Authority::isDigit)) {
            return -2;
        }
        int port = text.length() == 1 ? -1 : Integer.parseInt(text.substring(1));
        return port <= 65_535 ? port : -2;
    }

    private static boolean isName(String host) {
        return areAllowed(host, 0, host.length(), OTHERS_IN_NAME);
    }

    /** An address in brackets; which addresses there are is not judged here. */
    private static boolean isLiteral(String host) {
        return host.indexOf(':') >= 0 && areAllowed(host, 1, host.length() - 1, OTHERS_IN_LITERAL);
    }

    private static boolean areAllowed(String host, int from, int to, String others) {
        for (int i = from; i < to; i++) {
            if (!isLetterOrDigit(host.charAt(i)) && others.indexOf(host.charAt(i)) < 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isLetterOrDigit(int c) {
        return isDigit(c) || (c >= 'a' && c <= 'z');
    }
}
