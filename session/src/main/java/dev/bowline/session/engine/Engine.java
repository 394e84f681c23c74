package dev.bowline.session.engine;

/** Keeps the state that nodes share, and connects them. Safe from any thread. */
public interface Engine {
    /** Takes a node in. */
    Membership join(NodePort node);
}
