package dev.bowline.verification.simulation;

import dev.bowline.session.engine.Bus;
import dev.bowline.session.engine.Callback;
import dev.bowline.session.engine.Engine;
import dev.bowline.session.engine.Log;
import dev.bowline.session.engine.Membership;
import dev.bowline.session.engine.NodePort;
import dev.bowline.session.engine.Presence;
import dev.bowline.session.engine.Retention;
import dev.bowline.session.engine.SessionStore;
import dev.bowline.session.engine.Slice;
import dev.bowline.session.wire.Cursor;
import dev.bowline.session.wire.Payload;
import org.jspecify.annotations.Nullable;

/** An engine that tells what is appended to its logs. */
final class RecordingEngine implements Engine {
    /** Told of each message; on any thread. */
    interface Recorder {
        void appended(String topic, Cursor at, Payload payload);
    }

    private final Engine engine;
    private final Recorder recorder;

    RecordingEngine(Engine engine, Recorder recorder) {
        this.engine = engine;
        this.recorder = recorder;
    }

    @Override
    public Membership join(NodePort node) {
        Membership member = engine.join(node);
        Log log = new RecordingLog(member.log());
        return new Membership() {
            @Override
            public Log log() {
                return log;
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

    private final class RecordingLog implements Log {
        private final Log log;

        RecordingLog(Log log) {
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
            Callback<Cursor> recording = Callback.of(
                    cursor -> {
                        recorder.appended(topic, cursor, payload);
                        done.done(cursor);
                    },
                    done::failed);
            // The memory engine calls back from within: so nodes tell of messages in the order of the log.
            synchronized (recorder) {
                log.append(topic, name, retention, payload, key, nowMillis, recording);
            }
        }

        @Override
        public void read(String topic, long after, long maxBytes, long nowMillis, Callback<Slice> done) {
            log.read(topic, after, maxBytes, nowMillis, done);
        }
    }
}
