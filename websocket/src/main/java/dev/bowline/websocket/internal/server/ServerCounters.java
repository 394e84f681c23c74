package dev.bowline.websocket.internal.server;

import dev.bowline.websocket.internal.loop.Counters;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** How the connections of a server begin and end, on one event loop. Counted on that loop, read by any thread. */
final class ServerCounters {
    // How a handshake ends without an answer.
    static final String TLS = "tls"; // there was no TLS with the client
    static final String SILENT = "silent"; // nothing came in time
    static final String GONE = "gone"; // the client has left
    static final String DROPPED = "dropped"; // closed at once, as even a refusal found no room

    private static final List<String> UNANSWERED = List.of(TLS, SILENT, GONE, DROPPED);

    /** The answers that are counted each by itself, in order: all that a server gives of its own accord, and 401, which applications give. */
    private static final int[] STATUSES = {
        101, 400, 401, 403, 404, 405, 408, 414, 421, 426, 429, 431, 500, 503, 504, 505
    };

    /** The close codes that are counted each by itself, in order: those of RFC 6455 and IANA, and of {@code bowline.v1} (section 10.2). */
    private static final int[] CODES = {
        1000, 1001, 1002, 1003, 1005, 1006, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 1015, 4000, 4001, 4002,
        4003, 4004, 4007, 4008, 4010, 4011, 4500, 4501, 4502, 4503, 4504
    };

    private static final String[] RANGES = {"3000-3999", "4000-4499", "4500-4999", "other"};

    // Where the numbers stand.
    private static final int ACCEPTED = 0;
    private static final int OPENED = 1;
    private static final int ANSWERED = 2; // by status, and behind the statuses all others
    private static final int LEFT = ANSWERED + STATUSES.length + 1;
    private static final int CLOSED = LEFT + UNANSWERED.size(); // by code, and behind the codes by range
    private static final int SIZE = CLOSED + CODES.length + RANGES.length;

    private final Counters counters = new Counters(SIZE);

    // ---- Counting ----

    /** A TCP connection was accepted. */
    void accepted() {
        counters.add(ACCEPTED, 1);
    }

    /** A handshake has got its answer. */
    void answered(int status) {
        int index = Arrays.binarySearch(STATUSES, status);
        counters.add(ANSWERED + (index >= 0 ? index : STATUSES.length), 1);
    }

    /** A handshake has ended without one, for one of the reasons above. */
    void unanswered(String why) {
        counters.add(LEFT + UNANSWERED.indexOf(why), 1);
    }

    void opened() {
        counters.add(OPENED, 1);
    }

    void closed(int code) {
        int index = Arrays.binarySearch(CODES, code);
        counters.add(CLOSED + (index >= 0 ? index : CODES.length + range(code)), 1);
    }

    private static int range(int code) {
        if (code < 3000 || code > 4999) {
            return 3;
        }
        return code < 4000 ? 0 : code < 4500 ? 1 : 2;
    }

    // ---- Reading, from any thread ----

    long acceptedCount() {
        return counters.get(ACCEPTED);
    }

    long openedCount() {
        return counters.get(OPENED);
    }

    /** How many are open now. */
    int open() {
        long closed = 0; // first: what opens meanwhile must not close before it has opened
        for (int i = CLOSED; i < SIZE; i++) {
            closed += counters.get(i);
        }
        return (int) (openedCount() - closed);
    }

    /** Adds what was counted, by outcome. */
    void addHandshakesTo(Map<String, Long> handshakes) {
        for (int i = 0; i < STATUSES.length; i++) {
            add(handshakes, STATUSES[i] == 101 ? "accepted" : Integer.toString(STATUSES[i]), ANSWERED + i);
        }
        add(handshakes, "other", ANSWERED + STATUSES.length);
        for (int i = 0; i < UNANSWERED.size(); i++) {
            add(handshakes, UNANSWERED.get(i), LEFT + i);
        }
    }

    /** Adds what was counted, by close code. */
    void addClosesTo(Map<String, Long> closes) {
        for (int i = 0; i < CODES.length; i++) {
            add(closes, Integer.toString(CODES[i]), CLOSED + i);
        }
        for (int i = 0; i < RANGES.length; i++) {
            add(closes, RANGES[i], CLOSED + CODES.length + i);
        }
    }

    private void add(Map<String, Long> counts, String name, int index) {
        counts.merge(name, counters.get(index), Long::sum);
    }
}
