package dev.bowline.websocket.internal.transport;

import dev.bowline.websocket.TransportKind;
import java.io.IOException;
import org.junit.jupiter.api.Tag;

@Tag("epoll") // not run on a Java that can't have it
class EpollTransportTest extends TransportContract {
    @Override
    Transport create() throws IOException {
        return Transports.open(TransportKind.EPOLL);
    }
}
