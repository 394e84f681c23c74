package dev.bowline.verification.interop.matrix;

import dev.bowline.verification.interop.Peer;
import dev.bowline.verification.interop.peer.JettyPeer;

class JettyMatrixInteropTest extends MatrixSuite {
    @Override
    Peer peer() {
        return new JettyPeer();
    }
}
