package dev.bowline.session.engine;

import dev.bowline.session.wire.Cursor;
import dev.bowline.session.wire.Payload;
import dev.bowline.session.wire.ServerMessage;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * An engine whose logs can be restarted, as those of a database are: each goes on in a new epoch, with all that it had or without its
 * last messages. Else it is the one behind it, which answers at once. Not thread-safe.
 */
public final class RestartingEngine implements Engine {
    /** Is told that a log goes on in a new epoch, with what it had up to an offset. */
    public interface Renamed {
        void renamed(String topic, Cursor reach, String epoch);
    }

    private final Engine engine;
    private final Log observer; // the log of a member that is told of nothing
    private final Map<String, Life> lives = new LinkedHashMap<>();
    private final List<NodePort> ports = new ArrayList<>();
    private int restarts;

    public RestartingEngine(Engine engine) {
        this.engine = engine;
        this.observer = engine.join((NodePort) Proxy.newProxyInstance(
                        NodePort.class.getClassLoader(), new Class<?>[] {NodePort.class}, (port, method, arguments) -> {
                            throw new AssertionError("told of " + method.getName());
                        }))
                .log();
    }

    /**
     * Restarts all logs, and tells the nodes to look, whatever they follow: sessions bring patterns along from node to node.
     *
     * @param lost how many of a topic's last messages are gone
     */
    public void restart(ToLongFunction<String> lost, long nowMillis, Renamed renamed) {
        restarts++;
        for (String topic : List.copyOf(lives.keySet())) {
            Slice state = state(topic, nowMillis);
            Life life = life(topic, state.epoch());
            long end = life.visible(state.end());
            long reach = Math.max(life.visible(state.begin() - 1), end - lost.applyAsLong(topic));
            life.hideBehind(reach, state.end());
            Cursor reached = new Cursor(life.epoch, reach);
            life.former.add(0, reached);
            life.epoch = state.epoch() + "_" + restarts;
            renamed.renamed(topic, reached, life.epoch);
            String name = topic.startsWith("$mailbox ") ? "$mailbox" : topic;
            String epoch = life.epoch;
            ports.forEach(port -> port.execute(() -> port.onGrown(topic, name, epoch, reach)));
        }
    }

    /** The state of a log, at once. */
    public Slice log(String topic, long nowMillis) {
        Slice state = state(topic, nowMillis);
        return life(topic, state.epoch()).slice(state);
    }

    private Slice state(String topic, long nowMillis) {
        Slice[] found = new Slice[1];
        observer.read(topic, Long.MAX_VALUE, 0, nowMillis, Callback.of(slice -> found[0] = slice, failure -> {}));
        return found[0];
    }

    private Life life(String topic, String inner) {
        Life known = lives.get(topic);
        if (known == null || !known.inner.equals(inner)) {
            known = new Life(inner);
            lives.put(topic, known);
        }
        return known;
    }

    /** What became of a log. */
    private static final class Life {
        private final String inner; // the epoch that the engine behind this one knows
        private String epoch;
        private final List<Cursor> former = new ArrayList<>();
        private final List<long[]> hidden =
                new ArrayList<>(); // first and last offsets there of what was lost, in order

        Life(String inner) {
            this.inner = inner;
            this.epoch = inner;
        }

        /** How many up to an offset there were not lost: the offset here. */
        long visible(long offset) {
            long count = offset;
            for (long[] range : hidden) {
                count -= Math.max(0, Math.min(offset, range[1]) - range[0] + 1);
            }
            return count;
        }

        boolean isHidden(long offset) {
            return hidden.stream().anyMatch(range -> range[0] <= offset && offset <= range[1]);
        }

        /** The offset there before the one that follows an offset here. */
        long before(long offset) {
            long there = offset;
            for (long[] range : hidden) {
                if (there < Long.MAX_VALUE && there >= range[0] - 1) {
                    there += range[1] - range[0] + 1;
                }
            }
            return there;
        }

        void hideBehind(long reach, long end) {
            long first = reach + 1;
            for (long[] range : hidden) {
                if (first >= range[0]) {
                    first += range[1] - range[0] + 1;
                }
            }
            long from = first;
            if (from <= end) {
                hidden.removeIf(range -> range[0] >= from);
                hidden.add(new long[] {from, end});
            }
        }

        Slice slice(Slice there) {
            List<Entry> entries = new ArrayList<>();
            for (Entry entry : there.entries()) {
                if (!isHidden(entry.offset())
                        && ServerMessage.parse(entry.message()) instanceof ServerMessage.TopicMessage message) {
                    entries.add(Entry.of(message.topic(), visible(entry.offset()), entry.key(), message.payload()));
                }
            }
            return new Slice(epoch, visible(there.begin() - 1) + 1, visible(there.end()), entries, former);
        }
    }

    @Override
    public Membership join(NodePort node) {
        ports.add(node);
        return new Member(node);
    }

    private final class Member implements Membership, Log {
        private final NodePort port;
        private final Membership inner;

        Member(NodePort port) {
            this.port = port;
            this.inner = engine.join(new Port(port));
        }

        @Override
        public Log log() {
            return this;
        }

        @Override
        public SessionStore sessions() {
            return inner.sessions();
        }

        @Override
        public Presence presence() {
            return inner.presence();
        }

        @Override
        public Bus bus() {
            return inner.bus();
        }

        @Override
        public String process() {
            return inner.process();
        }

        @Override
        public boolean isAlive(String process) {
            return inner.isAlive(process);
        }

        @Override
        public void leave() {
            ports.remove(port);
            inner.leave();
        }

        @Override
        public void append(
                String topic,
                String name,
                Retention retention,
                Payload payload,
                @Nullable String key,
                @Nullable Origin origin,
                long nowMillis,
                Callback<Cursor> done) {
            inner.log()
                    .append(
                            topic,
                            name,
                            retention,
                            payload,
                            key,
                            origin,
                            nowMillis,
                            Callback.of(
                                    cursor -> {
                                        Life life = life(topic, cursor.epoch());
                                        done.done(new Cursor(life.epoch, life.visible(cursor.offset())));
                                    },
                                    done::failed));
        }

        @Override
        public void read(String topic, long after, long maxBytes, long nowMillis, Callback<Slice> done) {
            Life life = life(topic, state(topic, nowMillis).epoch());
            inner.log()
                    .read(
                            topic,
                            life.before(after),
                            maxBytes,
                            nowMillis,
                            Callback.of(slice -> done.done(life.slice(slice)), done::failed));
        }
    }

    /** Tells of growth in the epoch in which a log grew, be it that it has another one when that arrives. */
    private final class Port extends ForwardingPort {
        Port(NodePort node) {
            super(node);
        }

        @Override
        public void onGrown(String topic, String name, String epoch, long before) {
            Life life = lives.get(topic);
            if (life == null || !life.inner.equals(epoch)) { // the log was forgotten since
                node.onGrown(topic, name, epoch, before);
                return;
            }
            long here = life.visible(before);
            boolean grewBefore =
                    !life.former.isEmpty() && here < life.former.get(0).offset();
            node.onGrown(topic, name, grewBefore ? life.former.get(0).epoch() : life.epoch, here);
        }
    }
}
