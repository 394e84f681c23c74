package dev.bowline.verification.bench.polling;

import dev.bowline.websocket.ClientOptions;
import java.nio.charset.StandardCharsets;

/** The requests of a page in Chromium 156, as it writes them on HTTP/1.1, with a cookie of a session. */
final class Browser {
    static final String ORIGIN = "https://shop.example";

    private static final String AGENT =
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";
    private static final String ENCODINGS = "gzip, deflate, br, zstd";
    private static final String LANGUAGES = "en-US,en;q=0.9";
    private static final int COOKIE_CHARACTERS = 64;

    private Browser() {}

    /** By {@code fetch}. */
    static byte[] get(int user, String path, String more) {
        return ("GET " + path + " HTTP/1.1\r\n"
                        + "Host: shop.example\r\n"
                        + "Connection: keep-alive\r\n"
                        + "sec-ch-ua-platform: \"Linux\"\r\n"
                        + "User-Agent: " + AGENT + "\r\n"
                        + "sec-ch-ua: \"Not:A-Brand\";v=\"8\", \"Chromium\";v=\"156\"\r\n"
                        + more
                        + "sec-ch-ua-mobile: ?0\r\n"
                        + "Accept: */*\r\n"
                        + "Sec-Fetch-Site: same-origin\r\n"
                        + "Sec-Fetch-Mode: cors\r\n"
                        + "Sec-Fetch-Dest: empty\r\n"
                        + "Referer: " + ORIGIN + "/orders\r\n"
                        + "Accept-Encoding: " + ENCODINGS + "\r\n"
                        + "Accept-Language: " + LANGUAGES + "\r\n"
                        + "Cookie: " + cookie(user) + "\r\n"
                        + "\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    /** What a page's WebSocket adds to the handshake's own fields. */
    static ClientOptions webSocket(int user) {
        return ClientOptions.builder()
                .header("Pragma", "no-cache")
                .header("Cache-Control", "no-cache")
                .header("User-Agent", AGENT)
                .header("Origin", ORIGIN)
                .header("Accept-Encoding", ENCODINGS)
                .header("Accept-Language", LANGUAGES)
                .header("Cookie", cookie(user))
                .build();
    }

    /** A signed session id takes about as much. */
    private static String cookie(int user) {
        String number = Integer.toString(user);
        return "session=" + "s".repeat(COOKIE_CHARACTERS - number.length()) + number;
    }
}
