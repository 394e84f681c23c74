package dev.bowline.redis;

import dev.bowline.redis.NodeMessage.Answer;
import dev.bowline.redis.NodeMessageCodec.Envelope;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongFunction;

/**
 * What processes say to each other, each on a channel of its own. A message comes once, or not at all: who needs to know asks for an
 * answer. Safe from any thread.
 */
final class Post {
    /** Whom to tell what comes; on the connection's thread, and must not block. */
    interface Listener {
        void onNodeMessage(String from, NodeMessage message);
    }

    private static final Logger LOGGER = System.getLogger(Post.class.getName());

    private final RedisLink link;
    private final SessionKeys keys;
    private final String id;
    private final NodeMessageCodec codec;
    private final Listener listener;
    private final long timeoutMillis;
    private final boolean hearersAreCounted;
    private final Seen seen;
    private final AtomicLong numbers = new AtomicLong();
    private final Map<Long, CompletableFuture<Answer>> calls = new ConcurrentHashMap<>();
    private final Map<Long, CompletableFuture<Void>> markers = new ConcurrentHashMap<>();

    /**
     * @param id the process's own
     * @param timeoutMillis how long an answer may take
     * @param hearersAreCounted whether Redis says how many have heard a message: a cluster counts those of one of its nodes
     */
    Post(
            RedisLink link,
            SessionKeys keys,
            String id,
            NodeMessageCodec codec,
            Listener listener,
            long timeoutMillis,
            boolean hearersAreCounted) {
        this.link = link;
        this.keys = keys;
        this.id = id;
        this.codec = codec;
        this.listener = listener;
        this.timeoutMillis = timeoutMillis;
        this.hearersAreCounted = hearersAreCounted;
        this.seen = new Seen(2 * timeoutMillis);
    }

    String channel() {
        return keys.bus(id);
    }

    /** Ends when messages come. */
    CompletionStage<Void> open() {
        return link.subscribe(channel());
    }

    /** Says something to a process. The stage ends when Redis has it; whether anybody heard it is not known. */
    CompletionStage<Long> send(String process, NodeMessage message) {
        return link.publish(keys.bus(process), codec.encode(new Envelope(id, numbers.incrementAndGet(), message)));
    }

    /**
     * Says something that is answered. Without an answer in time the stage ends with a {@link TimeoutException}; at once where nobody is there
     * to hear it.
     *
     * @param question makes the message of the call's number
     */
    CompletionStage<Answer> ask(String process, LongFunction<NodeMessage> question) {
        long call = numbers.incrementAndGet();
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        calls.put(call, answer);
        send(process, question.apply(call)).whenComplete((heard, failure) -> {
            if (failure != null) {
                answer.completeExceptionally(failure);
            } else if (heard == 0 && hearersAreCounted) {
                answer.completeExceptionally(new TimeoutException("nobody hears"));
            }
        });
        return answer.orTimeout(timeoutMillis, TimeUnit.MILLISECONDS)
                .whenComplete((any, failure) -> calls.remove(call));
    }

    void reply(String process, long call, Answer answer) {
        send(process, new NodeMessage.Reply(call, answer)).whenComplete((heard, failure) -> {
            if (failure != null) {
                LOGGER.log(Level.DEBUG, "an answer was not sent, and who waits for it times out: {0}", failure);
            }
        });
    }

    /** Ends when all has come that was said to this process before, and all is done that was asked of Redis before. */
    CompletionStage<Void> roundTrip() {
        return roundTrip(marker -> link.publish(channel(), marker));
    }

    /** Ends when all has come that the server of a key has published before. Those of a cluster do not wait for each other. */
    CompletionStage<Void> roundTripFrom(String key) {
        return roundTrip(marker -> link.run(Script.MARK, List.of(key), RedisLink.bytes(channel()), marker));
    }

    private CompletionStage<Void> roundTrip(Function<byte[], CompletionStage<?>> publish) {
        long number = numbers.incrementAndGet();
        CompletableFuture<Void> back = new CompletableFuture<>();
        markers.put(number, back);
        byte[] marker = codec.encode(new Envelope(id, number, new NodeMessage.Marker(number)));
        publish.apply(marker).whenComplete((published, failure) -> {
            if (failure != null) {
                back.completeExceptionally(failure);
            }
        });
        return back.orTimeout(timeoutMillis, TimeUnit.MILLISECONDS)
                .whenComplete((any, failure) -> markers.remove(number));
    }

    /** A message on this process's channel. */
    void published(byte[] bytes) {
        Envelope envelope;
        try {
            envelope = codec.decode(bytes);
        } catch (IOException | IllegalArgumentException e) {
            LOGGER.log(Level.WARNING, "what another engine says is not understood: {0}", e.getMessage());
            return;
        }
        if (!seen.isNew(envelope.from(), envelope.number())) {
            return; // Redis got it again when the sender's connection came back
        }
        NodeMessage message = envelope.message();
        if (message instanceof NodeMessage.Reply reply) {
            CompletableFuture<Answer> call = calls.get(reply.call());
            if (call != null) { // else it comes too late
                call.complete(reply.answer());
            }
        } else if (message instanceof NodeMessage.Marker marker) {
            CompletableFuture<Void> back = markers.get(marker.number());
            if (back != null) {
                back.complete(null);
            }
        } else {
            listener.onNodeMessage(envelope.from(), message);
        }
    }
}
