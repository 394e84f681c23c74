package dev.bowline.verification.interop;

import java.util.List;

/** The JDK's own client. */
class JdkClientInteropTest extends FrameInteropSuite {
    @Override
    Pairing pair() {
        return new ClientPairing(new JdkPeer(), "refused 401");
    }

    @Override
    List<Integer> peerCloseCodes() {
        return List.of(1000, 1001, 3000, 4000, 4999);
    }

    @Override
    boolean tellsWhoCuts() {
        return false;
    }
}
