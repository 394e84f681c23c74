package dev.bowline.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Checks what subscribers of topics are told: each message once and in order, with what was published there, and none left out but those that
 * were told as a gap, or as a reset. Safe from any thread; what was wrong is told by {@link #check}.
 *
 * <pre>{@code
 * Deliveries deliveries = new Deliveries();
 * Deliveries.Receiver ann = deliveries.receiver("ann");   // whose listener calls ann.message, ann.gap, ann.reset
 * hub.topic("news").publish("one").thenAccept(offset -> deliveries.published("news", offset, "one"));
 * deliveries.awaitComplete();
 * }</pre>
 */
public final class Deliveries {
    private static final int MOST_WRONGS = 50;

    // All under this object's lock.
    private final Map<String, TreeMap<Long, String>> published = new HashMap<>(); // by topic and offset
    private final Map<String, Receiver> receivers = new LinkedHashMap<>();
    private final List<String> wrongs = new ArrayList<>();

    /** Nothing has been published, and nobody been told anything. */
    public Deliveries() {}

    /** A message stands in a topic. */
    public synchronized void published(String topic, long offset, String text) {
        String before =
                published.computeIfAbsent(topic, some -> new TreeMap<>()).put(offset, text);
        if (before != null && !before.equals(text)) {
            wrong(topic + " has \"" + before + "\" at " + offset + ", and \"" + text + "\"");
        }
    }

    /** Whoever has that name; a new one if nobody has. */
    public synchronized Receiver receiver(String name) {
        return receivers.computeIfAbsent(name, Receiver::new);
    }

    private void wrong(String what) {
        if (wrongs.size() < MOST_WRONGS) {
            wrongs.add(what);
        }
    }

    /** Waits, 10 s at most, until each receiver has, of each topic that it has anything of, the last message; then as {@link #check}. */
    public void awaitComplete() {
        awaitComplete(Await.DEFAULT);
    }

    /** As {@link #awaitComplete()}, for as long. */
    public void awaitComplete(Duration atMost) {
        try {
            Await.until("all is delivered", atMost, () -> behind().isEmpty());
        } catch (AssertionError e) {
            synchronized (this) {
                behind().forEach(this::wrong);
            }
        }
        check();
    }

    private synchronized List<String> behind() {
        List<String> behind = new ArrayList<>();
        receivers
                .values()
                .forEach(receiver -> receiver.last.forEach((topic, last) -> {
                    TreeMap<Long, String> all = published.get(topic);
                    if (all != null && all.lastKey() > last) {
                        behind.add(receiver.name + " has " + topic + " up to " + last + " of " + all.lastKey());
                    }
                }));
        return behind;
    }

    /**
     * Checks everything so far.
     *
     * @throws AssertionError that names what was wrong
     */
    public synchronized void check() {
        receivers.values().forEach(Receiver::checkTexts);
        if (!wrongs.isEmpty()) {
            throw new AssertionError(String.join(System.lineSeparator(), wrongs));
        }
    }

    /** Somebody who is told messages. */
    public final class Receiver {
        private final String name;
        private final Map<String, Long> last = new HashMap<>(); // what was told of each topic
        private final Map<String, TreeMap<Long, String>> texts = new HashMap<>();

        private Receiver(String name) {
            this.name = name;
        }

        public void message(String topic, long offset, String text) {
            synchronized (Deliveries.this) {
                Long before = last.put(topic, offset);
                if (before != null && offset <= before) {
                    wrong(name + " was told " + topic + " " + offset + " behind " + before);
                    last.put(topic, before);
                } else if (before != null && offset > before + 1) {
                    wrong(name + " was told " + topic + " " + offset + " behind " + before + ", and no gap");
                }
                texts.computeIfAbsent(topic, some -> new TreeMap<>()).put(offset, text);
            }
        }

        /** Those from one offset to another can't be delivered. */
        public void gap(String topic, long from, long to) {
            synchronized (Deliveries.this) {
                Long before = last.put(topic, to);
                if (before != null && from != before + 1) {
                    wrong(name + " was told a gap of " + topic + " from " + from + " behind " + before);
                }
            }
        }

        /** The place in a topic is lost: what comes next is the beginning. */
        public void reset(String topic) {
            synchronized (Deliveries.this) {
                last.remove(topic);
                texts.remove(topic);
            }
        }

        private void checkTexts() {
            texts.forEach((topic, told) -> told.forEach((offset, text) -> {
                TreeMap<Long, String> all = published.get(topic);
                String right = all == null ? null : all.get(offset);
                if (right != null && !right.equals(text)) {
                    wrong(name + " was told \"" + text + "\" as " + topic + " " + offset + ", which is \"" + right
                            + "\"");
                }
            }));
        }
    }
}
