package dev.bowline.verification.interop.matrix;

import dev.bowline.verification.interop.LinePeer;
import dev.bowline.verification.interop.Peer;
import org.junit.jupiter.api.Tag;

@Tag("once")
class ChromiumMatrixInteropTest extends MatrixSuite {
    @Override
    Peer peer() {
        return LinePeer.chromium();
    }
}
