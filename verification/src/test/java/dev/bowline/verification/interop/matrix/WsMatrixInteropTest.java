package dev.bowline.verification.interop.matrix;

import dev.bowline.verification.interop.LinePeer;
import dev.bowline.verification.interop.Peer;

class WsMatrixInteropTest extends MatrixSuite {
    @Override
    Peer peer() {
        return LinePeer.ws();
    }
}
