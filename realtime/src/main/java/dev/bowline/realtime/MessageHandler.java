package dev.bowline.realtime;

/** Takes clients' messages of one name. */
@FunctionalInterface
public interface MessageHandler {
    /**
     * A message came. When this returns, its sender is told that it was taken.
     *
     * @throws Exception as {@link RequestHandler#answer}
     */
    void onMessage(Request message) throws Exception;
}
