package dev.bowline.verification.interop.matrix;

import dev.bowline.verification.interop.LinePeer;
import dev.bowline.verification.interop.Peer;

class UndiciMatrixInteropTest extends MatrixSuite {
    @Override
    Peer peer() {
        return LinePeer.undici();
    }
}
