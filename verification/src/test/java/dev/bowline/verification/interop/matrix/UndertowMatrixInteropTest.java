package dev.bowline.verification.interop.matrix;

import dev.bowline.verification.interop.Peer;
import dev.bowline.verification.interop.peer.UndertowPeer;

class UndertowMatrixInteropTest extends MatrixSuite {
    @Override
    Peer peer() {
        return new UndertowPeer();
    }
}
