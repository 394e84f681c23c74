package dev.bowline.verification.interop.peer;

import dev.bowline.testkit.Recorder;
import dev.bowline.verification.interop.End;
import dev.bowline.verification.interop.Message;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What the ends of all these implementations share: how they record. */
abstract class JvmEnd implements End {
    private final Recorder<String> events = new Recorder<>();

    @Override
    public final Recorder<String> events() {
        return events;
    }

    final void opened() {
        events.record("open -");
    }

    final void text(String text) {
        events.record(Message.event(true, StandardCharsets.UTF_8.encode(text)));
    }

    final void binary(ByteBuffer data) {
        events.record(Message.event(false, data));
    }

    final void ping(ByteBuffer payload) {
        events.record("ping " + Message.hex(payload));
    }

    final void pong(ByteBuffer payload) {
        events.record("pong " + Message.hex(payload));
    }

    final void closed(int code, String reason) {
        events.record("close " + code + " " + reason);
    }

    final void failed(Throwable failure) {
        events.record("failed " + failure);
    }

    @Override
    public void terminate() {
        throw new UnsupportedOperationException("no test of the matrix cuts");
    }
}
