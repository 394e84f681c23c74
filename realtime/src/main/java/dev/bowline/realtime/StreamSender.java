package dev.bowline.realtime;

import dev.bowline.session.wire.Payload;
import java.util.concurrent.CompletionStage;

/**
 * Answers a request in parts. It survives the client's reconnects: parts that were sent are kept until they have come.
 *
 * <p><b>Threads.</b> Every method may be called from any thread, and none blocks; parts leave in the order in which one thread sent
 * them.
 */
public interface StreamSender {
    /**
     * Sends a part.
     *
     * @return completed when the next one may be sent: the client grants credit for so many parts. Who does not wait may have 256 KiB of
     *     parts waiting, and then gets an {@link IllegalStateException}. Exceptionally with
     *     {@link java.util.concurrent.CancellationException} if the stream is over: cancelled by the client, or with its session
     */
    CompletionStage<Void> send(Payload part);

    /** {@link #send(Payload)} of a text. */
    default CompletionStage<Void> send(String part) {
        return send(Payload.text(part));
    }

    /** All parts were sent. Without effect if the stream is over. */
    void finish();

    /**
     * Ends the stream with a refusal, behind the parts that went out; those that wait for credit are dropped.
     *
     * @param code as of {@link RefusedException}
     */
    void fail(String code, String message);

    /** Whether the client has given it up, or can't be answered any more. */
    boolean isOver();

    /** Calls once when the client gives it up, or can't be answered any more; at once if that is so already. On an event loop; must not block. */
    void onCancel(Runnable action);
}
