package dev.bowline.session.server;

/** What a session may need a right for. */
public enum Action {
    /** To subscribe to a topic, or to a pattern; of a pattern's topics only those come that are allowed themselves. */
    SUBSCRIBE,
    /** To be told who is in a topic. */
    SEE_PRESENCE,
    /** To publish to a topic. */
    PUBLISH,
    /** To make a request of a name. */
    REQUEST,
    /** To send a message of a name. */
    SEND
}
