package dev.bowline.verification.interop.matrix;

import dev.bowline.verification.interop.Peer;
import dev.bowline.verification.interop.peer.JavaWebSocketPeer;

class JavaWebSocketMatrixInteropTest extends MatrixSuite {
    @Override
    Peer peer() {
        return new JavaWebSocketPeer();
    }
}
