package dev.bowline.realtime.internal.hub;

import dev.bowline.codec.CloseEvent;
import dev.bowline.session.server.ServerConnection;
import dev.bowline.session.wire.Payload;
import dev.bowline.websocket.WebSocket;
import dev.bowline.websocket.WebSocketListener;
import dev.bowline.websocket.internal.connection.Connection;
import dev.bowline.websocket.internal.loop.EventLoop;
import java.nio.ByteBuffer;
import java.util.function.Function;

/** What happens on the connections of the subprotocol, passed on to the node of their event loop. */
final class HubConnections implements WebSocketListener {
    /** What is attached to a connection. */
    private record Attached(Shard shard, ServerConnection connection) {}

    private final Function<EventLoop, Shard> shards;

    HubConnections(Function<EventLoop, Shard> shards) {
        this.shards = shards;
    }

    @Override
    public void onOpen(WebSocket socket) {
        if (!(socket instanceof Connection connection)) {
            throw new IllegalStateException("not a connection of a server: " + socket);
        }
        Shard shard = shards.apply(connection.loop());
        shard.use((node, now) -> socket.attach(new Attached(shard, node.connect(new HubLink(connection), now))));
    }

    private static Attached attached(WebSocket socket) {
        if (socket.attachment() instanceof Attached attached) {
            return attached;
        }
        throw new IllegalStateException("onOpen did not come first on " + socket);
    }

    @Override
    public void onTextBytes(WebSocket socket, ByteBuffer utf8) {
        received(socket, Payload.text(copy(utf8)));
    }

    @Override
    public void onBinary(WebSocket socket, ByteBuffer data) {
        received(socket, Payload.binary(copy(data)));
    }

    /** What comes is kept: in logs, and by handlers. */
    private static ByteBuffer copy(ByteBuffer data) {
        return ByteBuffer.allocate(data.remaining()).put(data).flip();
    }

    private static void received(WebSocket socket, Payload message) {
        Attached attached = attached(socket);
        attached.shard.use((node, now) -> attached.connection.received(message, now));
    }

    @Override
    public void onPing(WebSocket socket, ByteBuffer payload) {
        heard(socket);
    }

    @Override
    public void onPong(WebSocket socket, ByteBuffer payload) {
        heard(socket);
    }

    private static void heard(WebSocket socket) {
        Attached attached = attached(socket);
        attached.shard.use((node, now) -> attached.connection.heard(now));
    }

    @Override
    public void onDrained(WebSocket socket) {
        Attached attached = attached(socket);
        attached.shard.use((node, now) -> attached.connection.drained(now));
    }

    @Override
    public void onClose(WebSocket socket, CloseEvent event) {
        if (socket.attachment() instanceof Attached attached) { // else the hub was closed when it opened
            attached.shard.use((node, now) -> attached.connection.closed(event.code(), now));
        }
    }
}
