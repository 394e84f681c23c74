package dev.bowline.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.session.engine.Failure;
import dev.bowline.session.engine.Slice;
import dev.bowline.session.wire.Cursor;
import dev.bowline.session.wire.Payload;
import dev.bowline.testkit.Await;
import dev.bowline.testkit.RedisProcess;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** What becomes of logs while Redis refuses to write. */
class RedisRefusesTest extends RedisTestBase {
    private final Node a = node();
    private long number = 1_000;

    private Failure refusal(String topic) {
        try {
            Cursor done = a.appending(topic, topic, ALL, Payload.text("refused"), null, "b", ++number, SERVERS_CLOCK)
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
            throw new AssertionError("was not refused: " + done);
        } catch (ExecutionException e) {
            return Failures.of(e.getCause() == null ? e : e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aFullRedisRefusesAndWhatIsThereStaysReadable() {
        Cursor first = a.append("news", "one");
        redis.ask("CONFIG SET maxmemory 1");
        assertThat(refusal("news")).isEqualTo(new Failure(Failure.UNAVAILABLE, "Redis refused: OOM"));
        assertThat(refusal("another")).isEqualTo(new Failure(Failure.UNAVAILABLE, "Redis refused: OOM"));
        assertThat(texts(a.read("news", 0))).containsExactly("pub news 1|one");
        redis.ask("CONFIG SET maxmemory 0");
        assertThat(a.append("news", "two")).isEqualTo(new Cursor(first.epoch(), 2));
        assertThat(texts(a.read("news", 0))).containsExactly("pub news 1|one", "pub news 2|two");
        assertThat(a.append("another", "one").offset()).isEqualTo(1);
    }

    @Test
    void aLogIsReadableInAFullRedisThatHasStartedAgain() {
        Cursor first = a.append("news", "one");
        redis.kill();
        redis.start();
        redis.ask("CONFIG SET maxmemory 1");
        Node b = node();
        Slice part = b.read("news", 0);
        assertThat(texts(part)).containsExactly("pub news 1|one");
        assertThat(part.former()).containsExactly(first);
    }

    @Test
    void aReplicaRefusesAndWhenItIsMasterItGoesOn() {
        a.append("news", "one");
        try (RedisProcess other = RedisProcess.launch("--appendonly", "yes")) {
            redis.ask("REPLICAOF 127.0.0.1 " + other.port());
            Await.until("it is a replica", () -> redis.info("replication", "master_link_status")
                    .equals("up"));
            assertThat(refusal("news")).isEqualTo(new Failure(Failure.UNAVAILABLE, "Redis refused: READONLY"));
            redis.ask("REPLICAOF NO ONE");
            Await.until("it is master", () -> redis.info("replication", "role").equals("master"));
            assertThat(a.append("news", "one").offset()).isEqualTo(1); // the other one had nothing
        }
    }
}
