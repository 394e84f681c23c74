package dev.bowline.realtime.internal.hub;

import dev.bowline.codec.Compression;
import dev.bowline.codec.PreparedMessage;
import dev.bowline.session.engine.Entry;
import dev.bowline.session.server.Link;
import dev.bowline.session.wire.Payload;
import dev.bowline.websocket.SendResult;
import dev.bowline.websocket.internal.connection.Connection;
import java.util.List;

/** A connection as a node sees it. Used on its event loop alone. */
final class HubLink implements Link {
    /** How much may wait to be sent before messages of topics wait in their logs instead. */
    private static final long ROOM_BYTES = 256 * 1024;

    /** When they go on. */
    private static final long DRAINED_BYTES = ROOM_BYTES / 2;

    private static final int TOO_SLOW = 4002;

    private final Connection connection;

    HubLink(Connection connection) {
        this.connection = connection;
    }

    @Override
    public void send(Payload message) {
        accept(connection.send(prepare(message)));
    }

    @Override
    public void send(List<Entry> entries) {
        if (entries.size() == 1) {
            accept(connection.sendAlone(entries.get(0).encoded(HubLink::prepare)));
            return;
        }
        for (int i = 0; i < entries.size(); i++) {
            accept(connection.send(entries.get(i).encoded(HubLink::prepare)));
        }
    }

    private static PreparedMessage prepare(Payload message) {
        return message.isText()
                ? PreparedMessage.text(message.bytes(), Compression.AUTO)
                : PreparedMessage.binary(message.bytes(), Compression.AUTO);
    }

    /** What must not be left out finds no room: the client comes back, and gets it then. */
    private void accept(SendResult result) {
        if (result == SendResult.QUEUE_FULL) {
            connection.close(TOO_SLOW, "too slow");
        }
    }

    @Override
    public boolean hasRoom() {
        if (connection.bufferedAmount() <= ROOM_BYTES) {
            return true;
        }
        connection.awaitDrained(DRAINED_BYTES);
        return false;
    }

    @Override
    public void close(int code, String reason) {
        connection.close(code, reason);
    }
}
