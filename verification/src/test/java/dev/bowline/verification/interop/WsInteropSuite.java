package dev.bowline.verification.interop;

import dev.bowline.verification.interop.Pairing.Ends;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What must hold with the npm library {@code ws} in either role: it sends what it is told to, byte by byte. */
abstract class WsInteropSuite extends FrameInteropSuite {
    @Override
    List<Integer> peerCloseCodes() {
        return List.of(1000, 1001, 1011, 3000, 4000, 4999, 1005);
    }

    @Override
    boolean tellsWhoCuts() {
        return true;
    }

    @Test
    void aCharacterMayBeCutByTheEndOfAFragment() {
        Ends ends = connected();
        Message message = Message.text("é ✓ 🪢 绳结");
        byte[] utf8 = message.payload();
        for (int i = 0; i < utf8.length; i++) {
            ends.peer().sendPart(true, new byte[] {utf8[i]}, i == utf8.length - 1);
        }
        ends.ours().events().expect(message.event());
    }
}
