package dev.bowline.verification.bench.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.java_websocket.WebSocket;
import org.java_websocket.WebSocketImpl;
import org.java_websocket.drafts.Draft;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.extensions.permessage_deflate.PerMessageDeflateExtension;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.server.WebSocketServer;
import org.jspecify.annotations.Nullable;

/**
 * Java-WebSocket, with its selector thread and one worker that decodes. A broadcast goes through its own {@code
 * broadcast}, which makes the frame once. Its check for lost connections, which pings all of them, is off, as no other
 * server here pings.
 *
 * <p>Its selector thread may stop wanting to write to a connection at the very moment when its worker has put something
 * there, and then the connection is silent for ever; mostly this happens to the first messages, while that code is
 * slow. {@link #rouse} finds such connections.
 */
final class JavaWebSocketBenchServer extends WebSocketServer {
    private static final int WORKERS = 1;
    private static final long ROUSE_MILLIS = 100; // seldom, so that it costs nothing

    private final ScheduledExecutorService rouser = Executors.newSingleThreadScheduledExecutor();

    private final Mode mode;

    private JavaWebSocketBenchServer(Mode mode) {
        super(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), WORKERS, drafts(mode));
        this.mode = mode;
        setTcpNoDelay(true);
        setConnectionLostTimeout(0);
        setMaxPendingConnections(Settings.BACKLOG);
    }

    private static List<Draft> drafts(Mode mode) {
        if (mode != Mode.DEFLATE) {
            return List.of(); // its default, which has no extension
        }
        PerMessageDeflateExtension extension = new PerMessageDeflateExtension(Settings.COMPRESSION_LEVEL);
        extension.setThreshold(0);
        extension.setServerNoContextTakeover(true);
        extension.setClientNoContextTakeover(true);
        return List.of(new Draft_6455(extension));
    }

    public static void main(String[] arguments) {
        new JavaWebSocketBenchServer(Mode.of(arguments)).start();
    }

    @Override
    public void onStart() {
        Thread console = new Thread(
                () -> {
                    try {
                        Console.serve(getPort());
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                "console");
        console.start();
        ScheduledFuture<?> unused = rouser.scheduleWithFixedDelay(
                this::rouse, ROUSE_MILLIS, ROUSE_MILLIS, TimeUnit.MILLISECONDS); // until the process ends
    }

    /** Has it write to each connection for which there is something to be written. Harmless where it would have done so anyway. */
    private void rouse() {
        for (WebSocket socket : getConnections()) {
            WebSocketImpl connection = (WebSocketImpl) socket;
            if (!connection.outQueue.isEmpty()) {
                SelectionKey key = connection.getSelectionKey();
                try {
                    key.interestOpsOr(SelectionKey.OP_WRITE);
                    key.selector().wakeup();
                } catch (CancelledKeyException e) {
                    // It has ended, and what was to be written with it.
                }
            }
        }
    }

    @Override
    public void onMessage(WebSocket socket, ByteBuffer data) {
        if (mode == Mode.BROADCAST) {
            broadcast(data);
        } else {
            socket.send(data);
        }
    }

    @Override
    public void onMessage(WebSocket socket, String text) {
        if (mode == Mode.BROADCAST) {
            broadcast(text);
        } else {
            socket.send(text);
        }
    }

    @Override
    public void onOpen(WebSocket socket, ClientHandshake handshake) {}

    @Override
    public void onClose(WebSocket socket, int code, String reason, boolean remote) {}

    /** What fails on one connection ends that one, which its client sees; else it is the server that failed. */
    @Override
    public void onError(@Nullable WebSocket socket, Exception failure) {
        if (socket == null) {
            failure.printStackTrace();
        }
    }
}
