package dev.bowline.verification.bench;

import dev.bowline.codec.Role;
import java.nio.ByteBuffer;
import java.util.List;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.enums.HandshakeState;
import org.java_websocket.exceptions.InvalidDataException;
import org.java_websocket.exceptions.InvalidHandshakeException;
import org.java_websocket.extensions.permessage_deflate.PerMessageDeflateExtension;
import org.java_websocket.framing.Framedata;
import org.java_websocket.handshake.HandshakeImpl1Client;

/** Java-WebSocket's draft, over memory of the heap, as its server has it. */
final class JavaWebSocketFrameCodec implements FrameCodec {
    private static final int LEVEL = 6;

    private final Draft_6455 draft;
    private final ByteBuffer read = ByteBuffer.allocate(READ_BYTES);
    private final boolean masks;
    private final Tally tally;

    JavaWebSocketFrameCodec(Role role, boolean deflate, Tally tally) {
        this.masks = role == Role.CLIENT;
        this.tally = tally;
        this.draft = deflate ? compressing() : new Draft_6455();
        draft.setParseMode(masks ? org.java_websocket.enums.Role.CLIENT : org.java_websocket.enums.Role.SERVER);
    }

    /** One that has agreed on the extension: it must see an opening handshake for that. */
    private static Draft_6455 compressing() {
        PerMessageDeflateExtension extension = new PerMessageDeflateExtension(LEVEL);
        extension.setThreshold(0);
        extension.setServerNoContextTakeover(true);
        extension.setClientNoContextTakeover(true);
        Draft_6455 draft = new Draft_6455(extension);
        HandshakeImpl1Client request = new HandshakeImpl1Client();
        request.put("Sec-WebSocket-Version", "13");
        request.put(
                "Sec-WebSocket-Extensions",
                "permessage-deflate; server_no_context_takeover; client_no_context_takeover");
        try {
            if (draft.acceptHandshakeAsServer(request) != HandshakeState.MATCHED) {
                throw new IllegalStateException("the offer was not taken");
            }
        } catch (InvalidHandshakeException e) {
            throw new IllegalStateException(e);
        }
        return draft;
    }

    @Override
    public void receive(byte[] stream) {
        try {
            for (int at = 0; at < stream.length; at += READ_BYTES) {
                int n = Math.min(READ_BYTES, stream.length - at);
                read.clear().put(stream, at, n).flip();
                List<Framedata> frames = draft.translateFrame(read);
                for (Framedata frame : frames) {
                    tally.add(frame.getPayloadData());
                }
            }
        } catch (InvalidDataException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void send(byte[] payload) {
        for (Framedata frame : draft.createFrames(ByteBuffer.wrap(payload), masks)) {
            tally.add(draft.createBinaryFrame(frame));
        }
    }

    @Override
    public void close() {
        draft.reset();
    }
}
