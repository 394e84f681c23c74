package dev.bowline.verification.interop.matrix;

import dev.bowline.verification.interop.Peer;
import dev.bowline.verification.interop.peer.NettyPeer;

class NettyMatrixInteropTest extends MatrixSuite {
    @Override
    Peer peer() {
        return new NettyPeer();
    }
}
