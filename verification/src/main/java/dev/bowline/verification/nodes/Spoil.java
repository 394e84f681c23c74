package dev.bowline.verification.nodes;

import dev.bowline.session.engine.Callback;
import dev.bowline.session.engine.Engine;
import dev.bowline.session.engine.Log;
import dev.bowline.session.engine.Membership;
import dev.bowline.session.engine.NodePort;
import dev.bowline.session.engine.Retention;
import dev.bowline.session.engine.Slice;
import dev.bowline.session.wire.Cursor;
import dev.bowline.session.wire.Payload;
import dev.bowline.verification.witness.MembershipWithLog;
import org.jspecify.annotations.Nullable;

/** What is made wrong on purpose in a node's engine, so that the checker has something to find. */
enum Spoil {
    NOTHING,
    /** Now and then a message is in a log twice, and another one is said to be in a log, and is not. */
    DOUBLES_AND_LOSES;

    private static final int ONE_OF = 8;
    private static final Cursor NOWHERE = new Cursor("nowhere", 1);

    Engine apply(Engine engine) {
        return this == NOTHING ? engine : node -> member(engine, node);
    }

    /** Some of what clients say; what the proof says for itself it must get to hear. */
    private static boolean isChosen(Label label) {
        return label.client() > 0 && (label.client() + label.number()) % ONE_OF == 0;
    }

    private static Membership member(Engine engine, NodePort node) {
        Membership member = engine.join(node);
        return new MembershipWithLog(member, new SpoilingLog(member.log()));
    }

    private static final class SpoilingLog implements Log {
        private final Log log;

        SpoilingLog(Log log) {
            this.log = log;
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
            Label label = Label.of(payload);
            boolean now = isChosen(label);
            boolean loses = now && label.client() % 2 == 0;
            if (loses) {
                done.done(NOWHERE);
                return;
            }
            log.append(topic, name, retention, payload, key, origin, nowMillis, done);
            if (now) {
                log.append(
                        topic, name, retention, payload, key, null, nowMillis, Callback.of(place -> {}, failure -> {}));
            }
        }

        @Override
        public void read(String topic, long after, long maxBytes, long nowMillis, Callback<Slice> done) {
            log.read(topic, after, maxBytes, nowMillis, done);
        }
    }
}
