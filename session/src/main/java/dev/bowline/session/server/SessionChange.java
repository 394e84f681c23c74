package dev.bowline.session.server;

/** What happens to a session as a whole. */
public enum SessionChange {
    /** It is new, and has a connection. */
    STARTED,
    /** It goes on with another connection. */
    RESUMED,
    /** It has no connection now. */
    SUSPENDED,
    /** It is over. */
    ENDED
}
