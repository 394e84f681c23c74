package dev.bowline.websocket;

import dev.bowline.codec.handshake.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * An HTTP proxy that a client connects through, by {@code CONNECT} (RFC 9110 §9.3.6, RFC 6455 §4.1).
 *
 * @param host name or address; an IPv6 address with or without its brackets
 * @param port 1 to 65535
 * @param headers what to send to the proxy beside {@code Host}, such as {@code Proxy-Authorization}; the server never
 *     sees them
 */
public record HttpProxy(String host, int port, HttpHeaders headers) {
    public HttpProxy {
        if (host.isEmpty()) {
            throw new IllegalArgumentException("host of the proxy is empty");
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port of the proxy is " + port + ", must be 1 to 65535");
        }
    }

    /** A proxy that asks for no credentials. */
    public static HttpProxy of(String host, int port) {
        return new HttpProxy(host, port, HttpHeaders.EMPTY);
    }

    /** The same proxy, with credentials for its "Basic" scheme (RFC 7617). */
    public HttpProxy withBasicAuthorization(String user, String password) {
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

    /** Host and port; the header fields may be secret. */
    @Override
    public String toString() {
        return (host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host) + ":" + port;
    }
}
