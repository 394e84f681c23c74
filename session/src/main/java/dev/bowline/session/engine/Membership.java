package dev.bowline.session.engine;

/** A node's access to an engine. To be used on the node's thread alone. */
public interface Membership {
    Log log();

    SessionStore sessions();

    Presence presence();

    Bus bus();

    /** Goes for good. The sessions that it still has are lost; who comes back to one is told so. */
    void leave();
}
