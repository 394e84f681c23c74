package dev.bowline.websocket.internal.connection;

import dev.bowline.codec.PreparedMessage;
import dev.bowline.websocket.TextHeartbeat;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A text heartbeat in the bytes of the wire; shared by all connections that use it. Immutable. */
public final class EncodedTextHeartbeat {
    private final ByteBuffer request;
    private final PreparedMessage reply;

    public EncodedTextHeartbeat(TextHeartbeat heartbeat) {
        request = ByteBuffer.wrap(heartbeat.request().getBytes(StandardCharsets.UTF_8));
        reply = PreparedMessage.text(heartbeat.reply());
    }

    boolean isRequest(ByteBuffer utf8) {
        return utf8.remaining() == request.remaining() && utf8.equals(request);
    }

    PreparedMessage reply() {
        return reply;
    }
}
