package dev.bowline.cli.api;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Where the HTTP API listens, and whom it serves. Immutable.
 *
 * @param host name or address of the interface; default {@code 127.0.0.1}, this machine only. Elsewhere it belongs behind TLS: keys travel
 *     with each request
 * @param port 0 to 65535, 0 for a free one; default 3001
 * @param keys each of which is good, so that one can be replaced by another: at least one, of 16 to 512 letters, digits and {@code -._~+/=}
 * @param maxBodyBytes of a request, 1 KiB to 64 MiB; default 1 MiB
 * @param timeout how long a request may take once it is there, 10 ms to 5 min; default 10 s
 * @param maxConnections at a time, at least 1; more wait to be accepted. Default 256
 * @param openMetrics whether {@code /metrics} is served without a key; default false
 */
public record ApiOptions(
        String host,
        int port,
        List<String> keys,
        int maxBodyBytes,
        Duration timeout,
        int maxConnections,
        boolean openMetrics) {
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9._~+/-]{14,512}=*"); // as RFC 6750 section 2.1 has it
    private static final int MIN_KEY = 16;
    private static final int MAX_KEY = 512;
    private static final int MIN_BODY_BYTES = 1024;
    private static final int MAX_BODY_BYTES = 64 << 20;
    private static final Duration MIN_TIMEOUT = Duration.ofMillis(10);
    private static final Duration MAX_TIMEOUT = Duration.ofMinutes(5);

    public ApiOptions {
        keys = List.copyOf(keys);
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("there is no key, must be at least one");
        }
        for (int i = 0; i < keys.size(); i++) {
            int length = keys.get(i).length();
            if (length < MIN_KEY
                    || length > MAX_KEY
                    || !KEY.matcher(keys.get(i)).matches()) {
                throw new IllegalArgumentException("key " + (i + 1) + " has " + length
                        + " characters, must be 16 to 512 letters, digits and -._~+/, perhaps with = at the end");
            }
        }
        requireWithin("port", port, 0, 65_535);
        requireWithin("maxBodyBytes", maxBodyBytes, MIN_BODY_BYTES, MAX_BODY_BYTES);
        requireWithin("maxConnections", maxConnections, 1, Integer.MAX_VALUE);
        if (timeout.compareTo(MIN_TIMEOUT) < 0 || timeout.compareTo(MAX_TIMEOUT) > 0) {
            throw new IllegalArgumentException(
                    "timeout is " + timeout + ", must be from " + MIN_TIMEOUT + " to " + MAX_TIMEOUT);
        }
    }

    private static void requireWithin(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " is " + value + ", must be from " + least + " to " + most);
        }
    }

    /** With the defaults. */
    public static ApiOptions of(List<String> keys) {
        return new ApiOptions("127.0.0.1", 3001, keys, 1 << 20, Duration.ofSeconds(10), 256, false);
    }

    public ApiOptions withHost(String name) {
        return new ApiOptions(name, port, keys, maxBodyBytes, timeout, maxConnections, openMetrics);
    }

    public ApiOptions withPort(int number) {
        return new ApiOptions(host, number, keys, maxBodyBytes, timeout, maxConnections, openMetrics);
    }

    public ApiOptions withMaxBodyBytes(int bytes) {
        return new ApiOptions(host, port, keys, bytes, timeout, maxConnections, openMetrics);
    }

    public ApiOptions withTimeout(Duration limit) {
        return new ApiOptions(host, port, keys, maxBodyBytes, limit, maxConnections, openMetrics);
    }

    public ApiOptions withMaxConnections(int connections) {
        return new ApiOptions(host, port, keys, maxBodyBytes, timeout, connections, openMetrics);
    }

    public ApiOptions withOpenMetrics(boolean open) {
        return new ApiOptions(host, port, keys, maxBodyBytes, timeout, maxConnections, open);
    }

    /** Without the keys. */
    @Override
    public String toString() {
        return "ApiOptions[" + host + ":" + port + ", " + keys.size() + (keys.size() == 1 ? " key]" : " keys]");
    }
}
