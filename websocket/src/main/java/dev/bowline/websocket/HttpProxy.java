package dev.bowline.websocket;

import dev.bowline.codec.Visible;
import dev.bowline.codec.handshake.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;

/**
 * An HTTP proxy that a client connects through, by {@code CONNECT} (RFC 9110 §9.3.6, RFC 6455 §4.1).
 *
 * @param host name or address; an IPv6 address with or without its brackets
 * @param port 1 to 65535
 * @param headers what to send to the proxy beside {@code Host}, such as {@code Proxy-Authorization}; the server never
 *     sees them
 */
public record HttpProxy(String host, int port, HttpHeaders headers) {
    private static final Set<String> SET_BY_CLIENT = Set.of("Content-Length", "Host", "Transfer-Encoding");

    /**
     * @throws IllegalArgumentException for a host or port that can't be, and for a header field that the client itself
     *     sets
     */
    public HttpProxy {
        if (host.isEmpty()) {
            throw new IllegalArgumentException("host of the proxy is empty");
        }
        for (int i = 0; i < host.length(); i++) {
            if (host.charAt(i) <= 0x20 || Character.isISOControl(host.charAt(i))) {
                throw new IllegalArgumentException(
                        "host of the proxy has " + Visible.at(host, i) + ", must be a name or an address");
            }
        }
        for (String name : SET_BY_CLIENT) {
            if (headers.contains(name)) {
                throw new IllegalArgumentException("header " + name + " is set by the client itself");
            }
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port of the proxy is " + port + ", must be 1 to 65535");
        }
    }

    /** A proxy that asks for no credentials. */
    public static HttpProxy of(String host, int port) {
        return new HttpProxy(host, port, HttpHeaders.EMPTY);
    }

    /**
     * The same proxy, with credentials for its "Basic" scheme (RFC 7617).
     *
     * @throws IllegalArgumentException for a colon in the user's name, at which the proxy would end it, and for control
     *     characters in either (§2)
     */
    public HttpProxy withBasicAuthorization(String user, String password) {
        if (user.indexOf(':') >= 0) {
            throw new IllegalArgumentException("user of the proxy has a colon at index " + user.indexOf(':'));
        }
        requireNoControl("user", user);
        requireNoControl("password", password);
        byte[] credentials = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        String value = "Basic " + Base64.getEncoder().encodeToString(credentials);
        return new HttpProxy(
                host,
                port,
                HttpHeaders.builder()
                        .addAll(headers)
                        .add("Proxy-Authorization", value)
                        .build());
    }

    private static void requireNoControl(String what, String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i))) {
                throw new IllegalArgumentException(what + " of the proxy has " + Visible.at(text, i)
                        + ", control characters are not allowed (RFC 7617 §2)");
            }
        }
    }

    /** Host and port; the header fields may be secret. */
    @Override
    public String toString() {
        return (host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host) + ":" + port;
    }
}
