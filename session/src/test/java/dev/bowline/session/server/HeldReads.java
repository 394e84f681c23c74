package dev.bowline.session.server;

import dev.bowline.session.engine.Bus;
import dev.bowline.session.engine.Callback;
import dev.bowline.session.engine.Engine;
import dev.bowline.session.engine.Failure;
import dev.bowline.session.engine.Log;
import dev.bowline.session.engine.Membership;
import dev.bowline.session.engine.NodePort;
import dev.bowline.session.engine.Presence;
import dev.bowline.session.engine.Retention;
import dev.bowline.session.engine.SessionStore;
import dev.bowline.session.engine.Slice;
import dev.bowline.session.wire.Cursor;
import dev.bowline.session.wire.Payload;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** An engine whose logs, when a test says so, answer reads late, as those of another machine do. Else it is the one behind it. */
final class HeldReads implements Engine {
    private final Engine engine;
    private final Deque<Read> held = new ArrayDeque<>();
    private boolean holding;

    private record Read(Log log, String topic, long after, long maxBytes, long nowMillis, Callback<Slice> done) {
        void answer() {
            log.read(topic, after, maxBytes, nowMillis, done);
        }
    }

    HeldReads(Engine engine) {
        this.engine = engine;
    }

    void hold() {
        holding = true;
    }

    int waiting() {
        return held.size();
    }

    /** Answers the first read that waits, with what the log has now. */
    void answer() {
        held.removeFirst().answer();
    }

    void fail() {
        held.removeFirst().done.failed(new Failure(Failure.UNAVAILABLE, "no log"));
    }

    /** Answers all that waits, and from now on at once. */
    void goOn() {
        holding = false;
        while (!held.isEmpty()) {
            answer();
        }
    }

    @Override
    public Membership join(NodePort node) {
        Membership member = engine.join(node);
        Log late = new LateLog(member.log());
        return new Membership() {
            @Override
            public Log log() {
                return late;
            }

            @Override
            public SessionStore sessions() {
                return member.sessions();
            }

            @Override
            public Presence presence() {
                return member.presence();
            }

            @Override
            public Bus bus() {
                return member.bus();
            }

            @Override
            public void leave() {
                member.leave();
            }
        };
    }

    private final class LateLog implements Log {
        private final Log log;

        LateLog(Log log) {
            this.log = log;
        }

        @Override
        public void append(
                String topic,
                String name,
                Retention retention,
                Payload payload,
                @Nullable String key,
                long nowMillis,
                Callback<Cursor> done) {
            log.append(topic, name, retention, payload, key, nowMillis, done);
        }

        @Override
        public void read(String topic, long after, long maxBytes, long nowMillis, Callback<Slice> done) {
            Read read = new Read(log, topic, after, maxBytes, nowMillis, done);
            if (holding) {
                held.addLast(read);
            } else {
                read.answer();
            }
        }
    }
}
