package dev.bowline.websocket.internal.transport;

import java.io.IOException;

/** Whom a transport tells about a stream, on the event loop's thread. */
public interface StreamHandler {
    /** Bytes, or the end of the stream, can be read. */
    void onReadable();

    /** Bytes can be written again. */
    void onWritable();

    /** The stream that was being connected is connected. */
    default void onConnected() {}

    /** The stream that was being connected is not, and is closed. */
    default void onConnectFailed(IOException cause) {}
}
