package dev.bowline.realtime;

import dev.bowline.session.wire.Payload;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/**
 * A client's session: {@link Bowline#connect(URI)}. It outlives its connections.
 *
 * <p><b>Life.</b> It connects; when the connection is lost it waits and connects again, for ever, and goes on with the session where the
 * server still has it, or with a new one. It ends by {@link #close}, by a closing code that says so, or by an answer to the opening
 * handshake that would be the same the next time.
 *
 * <p><b>Commands.</b> Each has one result. Inside the server's resume window each is handled once, in the order in which one thread gave
 * them. They may be given at any time, and wait in the outbox while there is no connection. A stage completes normally when the command
 * was done; and exceptionally with a {@link CommandException} that says whether it was refused, was not sent, or may or may not have had
 * an effect. The same is true of streams.
 *
 * <p><b>Bounds.</b> What has no result counts against {@link SessionClientOptions#maxOutboxBytes}; what does not fit is not sent.
 *
 * <p><b>Threads.</b> Every method may be called from any thread, and none blocks. Stages complete where listeners are called
 * ({@link SessionListener}); so what depends on one without {@code …Async} must not block there. There is no thread for a client: a
 * thousand of them share an event loop.
 */
public interface SessionClient extends AutoCloseable {
    /** {@link #subscribe(String, SubscribeOptions, TopicListener)} with {@link SubscribeOptions#DEFAULT}. */
    default Subscription subscribe(String pattern, TopicListener listener) {
        return subscribe(pattern, SubscribeOptions.DEFAULT, listener);
    }

    /**
     * Subscribes to a topic, or to all topics that a pattern covers: {@code *} stands for one segment, {@code >} for one or more at the end.
     * To subscribe again to the same pattern adds a listener, whatever the options.
     *
     * @throws IllegalArgumentException for what is no pattern, and for a pattern that is to begin elsewhere than now
     */
    Subscription subscribe(String pattern, SubscribeOptions options, TopicListener listener);

    /**
     * Publishes to a topic.
     *
     * @param payload by reference: its bytes must not change before there is a result
     * @return completed when the message is in the topic's log
     * @throws IllegalArgumentException for what is no topic
     */
    CompletionStage<Void> publish(String topic, Payload payload);

    /** {@link #publish(String, Payload)} of a text. */
    default CompletionStage<Void> publish(String topic, String text) {
        return publish(topic, Payload.text(text));
    }

    /** {@link #publish(String, Payload)} of the bytes between position and limit, which are copied; the buffer is left as it is. */
    default CompletionStage<Void> publish(String topic, ByteBuffer bytes) {
        return publish(topic, copy(bytes));
    }

    /**
     * Asks the server's application for an answer. Cancelling {@code toCompletableFuture()} gives the request up.
     *
     * @param payload as for {@link #publish(String, Payload)}
     * @return completed with the answer
     * @throws IllegalArgumentException for what is no name
     */
    CompletionStage<Payload> request(String name, Payload payload);

    /** {@link #request(String, Payload)} with a text. */
    default CompletionStage<Payload> request(String name, String text) {
        return request(name, Payload.text(text));
    }

    /** {@link #request(String, Payload)} with the bytes between position and limit, which are copied. */
    default CompletionStage<Payload> request(String name, ByteBuffer bytes) {
        return request(name, copy(bytes));
    }

    /**
     * Asks the server's application for an answer in parts. Each subscriber asks anew, when it first requests parts; what it requests is the
     * credit that the server gets, so parts never come faster than they are wanted, and a lost connection leaves no hole. Cancelling the
     * subscription gives the request up. What goes wrong comes as {@code onError}: a {@link CommandException}; but an
     * {@link IllegalArgumentException} for a request of less than 1.
     *
     * @param payload as for {@link #publish(String, Payload)}
     * @throws IllegalArgumentException for what is no name
     */
    Flow.Publisher<Payload> stream(String name, Payload payload);

    /** {@link #stream(String, Payload)} with a text. */
    default Flow.Publisher<Payload> stream(String name, String text) {
        return stream(name, Payload.text(text));
    }

    /** {@link #stream(String, Payload)} with the bytes between position and limit, which are copied. */
    default Flow.Publisher<Payload> stream(String name, ByteBuffer bytes) {
        return stream(name, copy(bytes));
    }

    /**
     * Sends a message to the server's application.
     *
     * @param payload as for {@link #publish(String, Payload)}
     * @return completed when the application has taken it
     * @throws IllegalArgumentException for what is no name
     */
    CompletionStage<Void> send(String name, Payload payload);

    /** {@link #send(String, Payload)} of a text. */
    default CompletionStage<Void> send(String name, String text) {
        return send(name, Payload.text(text));
    }

    /** {@link #send(String, Payload)} of the bytes between position and limit, which are copied. */
    default CompletionStage<Void> send(String name, ByteBuffer bytes) {
        return send(name, copy(bytes));
    }

    /**
     * The user has read the mailbox up to here, on whatever device.
     *
     * @param offset 0 or more
     */
    CompletionStage<Void> read(long offset);

    /**
     * Renews the authentication. Without a {@link TokenSource} the token is also for the connections to come.
     *
     * @param token visible ASCII
     * @throws IllegalArgumentException for any other
     */
    CompletionStage<Void> authenticate(String token);

    /**
     * Ends the session for good, on the server too. Commands that were sent are handled, but their results end as unknown.
     *
     * @return completed when it has ended, behind {@code onEnded}; never exceptionally
     */
    CompletionStage<Void> bye();

    /** {@link #bye}, without waiting for it. */
    @Override
    void close();

    /**
     * There is reason to look, such as a network that is back: connects at once if the session waits, and finds out whether an open
     * connection still lives.
     */
    void check();

    SessionState state();

    /** The session's id; empty before the first one is open. */
    Optional<String> id();

    /** The session's user; empty for none, and before the first session is open. */
    Optional<String> user();

    /** The bytes of the commands without a result. */
    long bufferedAmount();

    URI uri();

    private static Payload copy(ByteBuffer bytes) {
        return Payload.binary(
                ByteBuffer.allocate(bytes.remaining()).put(bytes.duplicate()).flip());
    }
}
