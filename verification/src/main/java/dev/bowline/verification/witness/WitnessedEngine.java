package dev.bowline.verification.witness;

import dev.bowline.session.engine.Callback;
import dev.bowline.session.engine.Engine;
import dev.bowline.session.engine.Log;
import dev.bowline.session.engine.Membership;
import dev.bowline.session.engine.NodePort;
import dev.bowline.session.engine.Retention;
import dev.bowline.session.engine.Slice;
import dev.bowline.session.wire.Cursor;
import dev.bowline.session.wire.Payload;
import org.jspecify.annotations.Nullable;

/** An engine in memory of which a witness hears what was appended to its logs, and where it stands: in the order of the logs. */
public record WitnessedEngine(Engine engine, Witness witness) implements Engine {
    /** Called on the nodes' threads, before the one who appended hears of it. */
    public interface Witness {
        void appended(String topic, Cursor place, Payload payload);
    }

    /** Runs a task when the witness has heard of all that anybody may have been told of by now. */
    public void heard(Runnable task) {
        synchronized (witness) { // what was appended shows before that is left
            task.run();
        }
    }

    @Override
    public Membership join(NodePort node) {
        Membership membership = engine.join(node);
        return new MembershipWithLog(membership, new WitnessedLog(membership.log(), witness));
    }

    private record WitnessedLog(Log log, Witness witness) implements Log {
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
            Callback<Cursor> heard = Callback.of(
                    place -> {
                        witness.appended(topic, place, payload);
                        done.done(place);
                    },
                    done::failed);
            synchronized (witness) { // the engine in memory calls back from within
                log.append(topic, name, retention, payload, key, origin, nowMillis, heard);
            }
        }

        @Override
        public void read(String topic, long after, long maxBytes, long nowMillis, Callback<Slice> done) {
            log.read(topic, after, maxBytes, nowMillis, done);
        }
    }
}
