package dev.bowline.verification.interop.matrix;

import dev.bowline.verification.interop.Peer;
import dev.bowline.verification.interop.peer.TyrusPeer;

class TyrusMatrixInteropTest extends MatrixSuite {
    @Override
    Peer peer() {
        return new TyrusPeer();
    }
}
