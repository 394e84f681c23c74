package dev.bowline.verification.interop;

import java.util.List;

/** Bowline's own browser module, over undici: a drop-in must not make a difference. */
class BrowserModuleInteropTest extends InteropSuite {
    @Override
    Pairing pair() {
        return new ClientPairing(LinePeer.browserModule(), "close 1006 ");
    }

    @Override
    List<Integer> peerCloseCodes() {
        return List.of(1000, 3000, 4000, 4999, 1005);
    }
}
