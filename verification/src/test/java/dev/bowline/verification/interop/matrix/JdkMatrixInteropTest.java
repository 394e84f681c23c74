package dev.bowline.verification.interop.matrix;

import dev.bowline.verification.interop.JdkPeer;
import dev.bowline.verification.interop.Peer;

class JdkMatrixInteropTest extends MatrixSuite {
    @Override
    Peer peer() {
        return new JdkPeer();
    }
}
