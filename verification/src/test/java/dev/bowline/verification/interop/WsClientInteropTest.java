package dev.bowline.verification.interop;

/** The npm library {@code ws} as a client. */
class WsClientInteropTest extends WsInteropSuite {
    @Override
    Pairing pair() {
        return new ClientPairing(LinePeer.ws(), "refused 401");
    }
}
