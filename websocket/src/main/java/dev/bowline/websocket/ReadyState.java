package dev.bowline.websocket;

/** The states of the WHATWG WebSocket interface. */
public enum ReadyState {
    /** The opening handshake is under way. */
    CONNECTING,
    /** Messages can be sent. */
    OPEN,
    /** The closing handshake is under way; nothing more can be sent. */
    CLOSING,
    /** The connection is gone. */
    CLOSED
}
