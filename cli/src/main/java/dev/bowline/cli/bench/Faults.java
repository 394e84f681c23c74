package dev.bowline.cli.bench;

import dev.bowline.codec.CloseEvent;
import dev.bowline.websocket.WebSocketHandshakeException;
import java.net.ConnectException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What went wrong, counted by kind. Safe from any thread. */
final class Faults {
    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

    void add(String kind) {
        add(kind, 1);
    }

    void add(String kind, long count) {
        counts.computeIfAbsent(kind, k -> new LongAdder()).add(count);
    }

    /** A connection could not be opened. */
    void notOpened(Throwable why) {
        Throwable cause = why instanceof CompletionException && why.getCause() != null ? why.getCause() : why;
        if (cause instanceof WebSocketHandshakeException || cause instanceof ConnectException) {
            add("not connected: " + lastPart(cause));
        } else {
            add("not connected: " + cause);
        }
    }

    /** Without the addresses before it, or each would be a kind of its own. */
    private static String lastPart(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        return message.substring(message.lastIndexOf(": ") + (message.contains(": ") ? 2 : 0));
    }

    /** A connection ended that was to go on. */
    void closed(CloseEvent event) {
        add("closed with " + event.code() + (event.reason().isEmpty() ? "" : " " + event.reason()));
    }

    boolean isEmpty() {
        return counts.isEmpty();
    }

    long total() {
        return counts.values().stream().mapToLong(LongAdder::sum).sum();
    }

    Map<String, Long> byKind() {
        Map<String, Long> sorted = new TreeMap<>();
        counts.forEach((kind, count) -> sorted.put(kind, count.sum()));
        return sorted;
    }
}
