package dev.bowline.cli.connect;

/** Where {@code connect} shows what happens. Safe from any thread; may block until the output takes it. */
interface Screen {
    /**
     * A message from the peer: the result that the user came for.
     *
     * @return whether anybody can still read it
     */
    boolean message(String text);

    /** Anything else, in one line: that the connection is open, a ping, a close code. */
    void status(String line);
}
