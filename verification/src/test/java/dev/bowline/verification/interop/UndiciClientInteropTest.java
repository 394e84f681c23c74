package dev.bowline.verification.interop;

import java.util.List;

/** undici, the WebSocket of Node.js itself. */
class UndiciClientInteropTest extends InteropSuite {
    @Override
    Pairing pair() {
        return new ClientPairing(LinePeer.undici(), "close 1006 ");
    }

    @Override
    List<Integer> peerCloseCodes() {
        return List.of(1000, 3000, 4000, 4999, 1005);
    }
}
