package dev.bowline.websocket.internal.tls;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Tells from the first bytes of a peer whether it speaks TLS, or plain HTTP by mistake. */
enum FirstBytes {
    /** TLS, or nothing that is known: the engine will say. */
    FOR_THE_ENGINE,
    /** The beginning of an HTTP request or response. */
    HTTP,
    /** Too few to tell. */
    TOO_FEW;

    private static final int LONGEST_METHOD = 16;
    private static final byte[] RESPONSE = "HTTP/".getBytes(StandardCharsets.US_ASCII);

    /** Of a client: a method and a space. No record of TLS begins with a letter (RFC 8446 §5.1). */
    static FirstBytes ofClient(ByteBuffer in) {
        for (int i = 0; i < Math.min(in.remaining(), LONGEST_METHOD + 1); i++) {
            byte b = in.get(in.position() + i);
            if (b == ' ' && i > 0) {
                return HTTP;
            }
            if (b < 'A' || b > 'Z') {
                return FOR_THE_ENGINE;
            }
        }
        return in.remaining() > LONGEST_METHOD ? FOR_THE_ENGINE : TOO_FEW;
    }

    /** Of a server: {@code HTTP/}. */
    static FirstBytes ofServer(ByteBuffer in) {
        for (int i = 0; i < Math.min(in.remaining(), RESPONSE.length); i++) {
            if (in.get(in.position() + i) != RESPONSE[i]) {
                return FOR_THE_ENGINE;
            }
        }
        return in.remaining() < RESPONSE.length ? TOO_FEW : HTTP;
    }
}
