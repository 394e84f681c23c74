package dev.bowline.verification.bench.polling;

/** How a page comes to know of a change. */
enum How {
    /** It asks every so often, with {@code If-None-Match}. */
    POLLING,
    /** It asks, and the answer waits until there is something new. */
    LONG_POLLING,
    /** A session is told. */
    PUSH,
    /** Not at all: what the server's process costs by itself, and hearing of the changes. */
    NOBODY
}
