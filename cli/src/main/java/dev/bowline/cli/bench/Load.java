package dev.bowline.cli.bench;

import dev.bowline.websocket.WebSocketListener;

/** What the connections of a run do. */
interface Load {
    /** The listener of the connection with this number, from 0. */
    WebSocketListener listener(int number);

    /** All connections are open. From no event loop. */
    void start() throws InterruptedException;

    /**
     * How many answers are still missing on connections that have not ended; what is missing on those that have is told by their
     * end. From any thread; exact once nothing is sent any more.
     */
    long outstanding();
}
