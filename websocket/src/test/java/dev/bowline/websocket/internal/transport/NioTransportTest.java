package dev.bowline.websocket.internal.transport;

import java.io.IOException;

class NioTransportTest extends TransportContract {
    @Override
    Transport create() throws IOException {
        return new NioTransport();
    }
}
