package dev.bowline.realtime;

/** Where a session stands. */
public enum SessionState {
    /** An attempt to connect is under way, the server's greeting included. */
    CONNECTING,
    /** Everything flows. */
    OPEN,
    /** There is no connection; the next attempt comes later. */
    WAITING,
    /** Over: no other attempt is made, and every command is refused. */
    ENDED
}
