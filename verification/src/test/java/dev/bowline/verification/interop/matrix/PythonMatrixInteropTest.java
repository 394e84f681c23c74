package dev.bowline.verification.interop.matrix;

import dev.bowline.verification.interop.LinePeer;
import dev.bowline.verification.interop.Peer;

class PythonMatrixInteropTest extends MatrixSuite {
    @Override
    Peer peer() {
        return LinePeer.python();
    }
}
