package dev.bowline.session.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.bowline.session.engine.Callback;
import dev.bowline.session.engine.Engine;
import dev.bowline.session.engine.EngineContract;
import dev.bowline.session.engine.Failure;
import dev.bowline.session.engine.Log;
import dev.bowline.session.engine.Loop;
import dev.bowline.session.engine.Retention;
import dev.bowline.session.engine.SessionStore;
import dev.bowline.session.engine.SessionStore.Credentials;
import dev.bowline.session.engine.Slice;
import dev.bowline.session.wire.Cursor;
import dev.bowline.session.wire.Payload;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class MemoryEngineTest extends EngineContract {
    private int secrets;

    private String secret() {
        return "secret-" + ++secrets;
    }

    @Override
    protected Engine engine() {
        return new MemoryEngine(() -> ++secrets == 1 ? "memory" : "secret-" + secrets);
    }

    @Override
    protected Credentials fromBefore() {
        return new Credentials("before-secret-2", "secret-3");
    }

    @Nested
    @DisplayName("its bounds")
    final class Bounds {
        private static final Retention ALL = new Retention(1_000, 1_000_000, 1_000_000);
        private static final int EACH = "pub t1 1\nx".length(); // bytes of a message

        private Log log(MemoryEngine engine) {
            return engine.join(new Loop(engine)).log();
        }

        private Cursor append(Log log, String topic) {
            List<Cursor> places = new ArrayList<>();
            log.append(topic, topic, ALL, Payload.text("x"), null, null, 0, Callback.of(places::add, this::unexpected));
            return places.get(0);
        }

        private Slice read(Log log, String topic) {
            List<Slice> slices = new ArrayList<>();
            log.read(topic, 0, Log.UNLIMITED, 0, Callback.of(slices::add, this::unexpected));
            return slices.get(0);
        }

        private void unexpected(Failure failure) {
            throw new AssertionError(failure);
        }

        @Test
        void topicsWithoutNewMessagesLoseTheirsFirst() {
            MemoryEngine engine = new MemoryEngine(MemoryEngineTest.this::secret, 4L * EACH, 100);
            Log log = log(engine);
            append(log, "t1");
            append(log, "t1");
            append(log, "t2");
            append(log, "t3");
            assertThat(engine.logBytes()).isEqualTo(4L * EACH);
            Cursor latest = append(log, "t3");
            assertThat(engine.logBytes()).isEqualTo(4L * EACH);
            assertThat(read(log, "t1").begin()).isEqualTo(2);
            append(log, "t3");
            append(log, "t3");
            assertThat(read(log, "t1").entries()).isEmpty();
            assertThat(read(log, "t1").end()).as("it is the same log").isEqualTo(2);
            assertThat(read(log, "t2").entries()).isEmpty();
            assertThat(read(log, "t3").entries()).hasSize(4);
            assertThat(read(log, "t3").epoch()).isEqualTo(latest.epoch());
        }

        @Test
        void theMessageThatCameJustNowStays() {
            MemoryEngine engine = new MemoryEngine(MemoryEngineTest.this::secret, 1, 100);
            Log log = log(engine);
            append(log, "t1");
            assertThat(read(log, "t1").entries()).hasSize(1);
            append(log, "t2");
            assertThat(read(log, "t1").entries()).isEmpty();
            assertThat(read(log, "t2").entries()).hasSize(1);
            assertThat(engine.logBytes()).isEqualTo(EACH);
        }

        @Test
        void aTopicThatWasForgottenHasAnotherEpoch() {
            MemoryEngine engine = new MemoryEngine(MemoryEngineTest.this::secret, 1_000, 2);
            Log log = log(engine);
            Cursor first = append(log, "t1");
            Cursor second = append(log, "t2");
            append(log, "t1");
            append(log, "t3"); // t2 is the one without a message for the longest time
            assertThat(read(log, "t1").epoch()).isEqualTo(first.epoch());
            Cursor again = append(log, "t2");
            assertThat(again.offset()).isEqualTo(1);
            assertThat(again.epoch()).isNotEqualTo(second.epoch());
            assertThat(engine.logBytes()).isEqualTo(2L * EACH);
        }

        private Cursor appendOnce(Log log, String key, long nowMillis) {
            List<Cursor> places = new ArrayList<>();
            log.append(
                    "t1",
                    "t1",
                    ALL,
                    Payload.text("x"),
                    null,
                    Log.Origin.ofKey(key),
                    nowMillis,
                    Callback.of(places::add, this::unexpected));
            return places.get(0);
        }

        @Test
        void aKeyIsKnownForSoLong() {
            Log log = log(new MemoryEngine(MemoryEngineTest.this::secret));
            assertThat(appendOnce(log, "key", 1_000).offset()).isEqualTo(1);
            assertThat(appendOnce(log, "key", 1_000 + Log.KEY_KNOWN_MILLIS).offset())
                    .isEqualTo(1);
            assertThat(appendOnce(log, "key", 1_001 + Log.KEY_KNOWN_MILLIS).offset())
                    .isEqualTo(2);
        }

        @Test
        void soManyKeysAreKnown() {
            KnownKeys keys = new KnownKeys();
            for (int i = 0; i <= KnownKeys.MAX_KEYS; i++) {
                keys.add("t1", Log.Origin.ofKey("key-" + i), new Cursor("e", i + 1), 0);
            }
            assertThat(keys.size()).isEqualTo(KnownKeys.MAX_KEYS);
            assertThat(keys.find("t1", Log.Origin.ofKey("key-0"), 0)).isNull();
            assertThat(keys.find("t1", Log.Origin.ofKey("key-1"), 0)).isEqualTo(new Cursor("e", 2));
            assertThat(keys.find("t2", Log.Origin.ofKey("key-1"), 0)).isNull();
        }

        @Test
        void soManyWaitForUsersToReceiveSomething() {
            MemoryEngine engine = new MemoryEngine(MemoryEngineTest.this::secret);
            Loop node = new Loop(engine);
            SessionStore sessions = node.engine().sessions();
            List<Integer> told = new ArrayList<>();
            for (int i = 0; i <= MemorySessions.MAX_WAITING; i++) {
                int number = i;
                sessions.whenReceived("ada", new Cursor("e", 1 + i % 2), () -> told.add(number));
            }
            sessions.received("ada", new Cursor("e", 1));
            Loop.run(node);
            assertThat(told).hasSize(MemorySessions.MAX_WAITING / 2).startsWith(2, 4);
        }

        @Test
        void areAtLeastOne() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new MemoryEngine(MemoryEngineTest.this::secret, 0, 1))
                    .withMessageContaining("maxLogBytes is 0");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new MemoryEngine(MemoryEngineTest.this::secret, 1, 0))
                    .withMessageContaining("maxTopics 0");
        }
    }
}
