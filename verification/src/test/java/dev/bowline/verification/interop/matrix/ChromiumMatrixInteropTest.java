package dev.bowline.verification.interop.matrix;

import dev.bowline.verification.interop.LinePeer;
import dev.bowline.verification.interop.Peer;

class ChromiumMatrixInteropTest extends MatrixSuite {
    @Override
    Peer peer() {
        return LinePeer.chromium();
    }
}
