package dev.bowline.websocket;

import dev.bowline.codec.Visible;
import dev.bowline.codec.handshake.Authority;
import dev.bowline.websocket.internal.server.HostNames;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The pages that may open a WebSocket. A browser lets any page open one to any host, with the cookies of that host, and
 * says in {@code Origin} where the page is from; whether to take it is for the server to say (RFC 6455 §10.2). Without
 * that check a page of an attacker acts in the name of whoever looks at it: cross-site WebSocket hijacking.
 *
 * <p>A request without {@code Origin} comes from no browser, and is always allowed: a program can send any
 * {@code Origin} it likes, so there is nothing to check. Immutable; safe from any thread.
 */
public final class AllowedOrigins {
    /**
     * Pages of the server's own origin alone: scheme ({@code http} on plain TCP, {@code https} on TLS), host and port are
     * those that the request was sent to. Behind a proxy that speaks TLS to browsers they are not: list the origin then.
     */
    public static final AllowedOrigins SAME_ORIGIN = new AllowedOrigins(Set.of(), List.of(), false);

    /** Every page, those from a file or a sandbox too. For what needs no authentication, or none that a browser adds. */
    public static final AllowedOrigins ANY = new AllowedOrigins(Set.of(), List.of(), true);

    private final Set<Origin> listed;
    private final List<String> texts;
    private final boolean any;

    private AllowedOrigins(Set<Origin> listed, List<String> texts, boolean any) {
        this.listed = listed;
        this.texts = texts;
        this.any = any;
    }

    /**
     * The server's own origin and those listed.
     *
     * @param origins each as browsers send it: {@code scheme://host} or {@code scheme://host:port}, such as
     *     {@code https://example.com}; no pattern, no path
     * @throws IllegalArgumentException for what is none, saying what was expected
     */
    public static AllowedOrigins of(String... origins) {
        Set<Origin> listed = new LinkedHashSet<>();
        List<String> texts = new ArrayList<>();
        for (String text : origins) {
            Origin origin = Origin.parse(text);
            if (origin == null
                    || text.contains("*")
                    || origin.scheme().equals("ws")
                    || origin.scheme().equals("wss")) {
                throw new IllegalArgumentException(
                        "allowed origin \"" + Visible.of(text) + "\" " + expected(text, origin));
            }
            listed.add(origin);
            texts.add(text);
        }
        return new AllowedOrigins(Set.copyOf(listed), List.copyOf(texts), false);
    }

    /** What is wrong with an origin, for people. */
    private static String expected(String text, @Nullable Origin parsed) {
        String example = "scheme://host or scheme://host:port, such as https://example.com";
        if (text.equals("*")) {
            return "is no origin; only anyOrigin() allows every page";
        }
        if (text.equals("null")) {
            return "is what every page from a file or a sandbox sends, an attacker's too; only anyOrigin() allows them";
        }
        if (text.contains("*")) {
            return "is a pattern; list each origin: " + example;
        }
        if (parsed != null) {
            return "is of a WebSocket; expected is that of the page, such as "
                    + parsed.scheme().replace("ws", "http")
                    + text.substring(parsed.scheme().length());
        }
        int scheme = text.indexOf("://");
        if (scheme < 1) {
            return "must begin with a scheme: " + example;
        }
        int path = text.indexOf('/', scheme + 3);
        if (path > 0 && Origin.parse(text.substring(0, path)) != null) {
            return "must have no path: " + text.substring(0, path);
        }
        String ascii = HostNames.toAscii(text.substring(scheme + 3));
        if (ascii != null && Origin.parse(text.substring(0, scheme + 3) + ascii) != null) {
            return "must be in ASCII, as browsers send it: " + text.substring(0, scheme + 3) + ascii;
        }
        return "must be " + example;
    }

    /**
     * Whether a request may open a WebSocket.
     *
     * @param origin the value of its {@code Origin} field; null where it has none
     * @param authority host and port that it was sent to: see
     *     {@link dev.bowline.codec.handshake.RequestHead#authority()}; null where it names none
     * @param secure whether it came over TLS
     */
    public boolean allow(@Nullable String origin, @Nullable String authority, boolean secure) {
        if (any || origin == null) {
            return true;
        }
        Origin page = Origin.parse(origin);
        if (page == null) {
            return false;
        }
        Authority own = authority == null ? null : Authority.parse(authority);
        return listed.contains(page) || (own != null && page.equals(Origin.of(secure ? "https" : "http", own)));
    }

    /** Whether every page is allowed. */
    public boolean isAny() {
        return any;
    }

    /** The origins listed, as they were given; the server's own is not among them. */
    public List<String> listed() {
        return texts;
    }

    @Override
    public String toString() {
        return any ? "any origin" : texts.isEmpty() ? "same origin" : "same origin and " + texts;
    }
}
