package dev.bowline.session.engine;

import dev.bowline.session.wire.Payload;
import dev.bowline.session.wire.ServerMessage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A message of a topic, as every subscriber gets it. Immutable, and safe from any thread. */
public final class Entry {
    private final long offset;
    private final @Nullable String key;
    private final Payload message;
    private @Nullable Object encoded; // under this object's lock

    private Entry(long offset, @Nullable String key, Payload message) {
        this.offset = offset;
        this.key = key;
        this.message = message;
    }

    /**
     * A message of a log.
     *
     * @param topic as subscribers name it
     * @param offset from 1
     * @param key what it says something about, where the topic keeps the latest of each; null for nothing
     */
    public static Entry of(String topic, long offset, @Nullable String key, Payload payload) {
        return new Entry(offset, key, new ServerMessage.TopicMessage(topic, offset, payload).toWire());
    }

    /** A message of a topic without a log. */
    public static Entry unlogged(String topic, Payload payload) {
        return of(topic, ServerMessage.TopicMessage.NO_LOG, null, payload);
    }

    /** Its place in the log, from 1; 0 where there is none. */
    public long offset() {
        return offset;
    }

    public @Nullable String key() {
        return key;
    }

    /** As it stands on the wire. */
    public Payload message() {
        return message;
    }

    /** What the application has said: the message without its header, by reference. */
    public Payload payload() {
        if (ServerMessage.parse(message) instanceof ServerMessage.TopicMessage parsed) {
            return parsed.payload();
        }
        throw new IllegalStateException("the message of an entry is none of a topic's");
    }

    /** What it takes of a log's bytes. */
    public int bytes() {
        return message.size();
    }

    /** What a transport made of the message, made when first asked for: all its connections send the same bytes. */
    @SuppressWarnings("unchecked") // there is one transport, with one kind of encoding
    public synchronized <T> T encoded(Function<? super Payload, T> encoder) {
        Object found = encoded;
        if (found == null) {
            found = encoder.apply(message);
            encoded = found;
        }
        return (T) found;
    }
}
