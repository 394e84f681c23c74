package dev.bowline.websocket.internal.transport;

import dev.bowline.websocket.TransportKind;
import java.io.IOException;

class NioTransportTest extends TransportContract {
    @Override
    Transport create() throws IOException {
        return Transports.open(TransportKind.NIO);
    }
}
