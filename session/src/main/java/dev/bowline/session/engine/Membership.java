package dev.bowline.session.engine;

/** A node's access to an engine. To be used on the node's thread alone. */
public interface Membership {
    Log log();

    SessionStore sessions();

    Presence presence();

    Bus bus();

    /** What is the same for all nodes that have an application in common: their process. 1 to 64 visible ASCII characters. */
    String process();

    /** Whether nodes of a process can still be heard of. */
    boolean isAlive(String process);

    /** Goes for good. The sessions that it still has are lost, where the engine does not keep them; who comes back to one is told so. */
    void leave();
}
