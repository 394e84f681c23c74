package dev.bowline.realtime;

/** Answers requests of one name in parts. */
@FunctionalInterface
public interface StreamHandler {
    /**
     * Begins the answer; the parts may follow later, from any thread.
     *
     * @throws Exception as {@link RequestHandler#answer}
     */
    void answer(Request request, StreamSender stream) throws Exception;
}
