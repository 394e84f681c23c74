package dev.bowline.websocket.internal.connection;

import dev.bowline.websocket.UpgradeRequest;
import dev.bowline.websocket.WebSocket;
import dev.bowline.websocket.internal.transport.Stream;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** What an open WebSocket has from its beginning on, and what the application and its owner have put there. From any thread, but
 * for the owner's. */
abstract class OpenedWebSocket implements WebSocket {
    final Opened opened;
    final Stream stream;
    private volatile @Nullable Object attachment;
    private int registryIndex = -1; // the owner's

    OpenedWebSocket(Opened opened, Stream stream) {
        this.opened = opened;
        this.stream = stream;
    }

    @Override
    public final String protocol() {
        return opened.subprotocol();
    }

    @Override
    public final String extensions() {
        return opened.extension() == null ? "" : opened.extension().parameters().toHeader();
    }

    @Override
    public final UpgradeRequest request() {
        return opened.request();
    }

    @Override
    public final @Nullable String user() {
        return opened.user();
    }

    @Override
    public final InetSocketAddress remoteAddress() {
        return opened.request().remoteAddress();
    }

    @Override
    public final @Nullable Object attachment() {
        return attachment;
    }

    @Override
    public final void attach(@Nullable Object attachment) {
        this.attachment = attachment;
    }

    /** Where the owner finds this connection among those of its event loop. Touched by that loop alone. */
    public final int registryIndex() {
        return registryIndex;
    }

    public final void registryIndex(int index) {
        registryIndex = index;
    }

    @Override
    public String toString() {
        return "WebSocket[" + opened.role() + " " + opened.request().path() + " " + remoteAddress() + " " + readyState()
                + "]";
    }
}
