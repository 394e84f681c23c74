package dev.bowline.verification.interop;

/** The npm library {@code ws} as a server, and Bowline's client. */
class WsServerInteropTest extends WsInteropSuite {
    @Override
    Pairing pair() {
        return new ServerPairing(LinePeer.ws());
    }
}
