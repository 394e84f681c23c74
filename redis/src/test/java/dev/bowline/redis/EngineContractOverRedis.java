package dev.bowline.redis;

import dev.bowline.session.engine.Engine;
import dev.bowline.session.engine.EngineContract;
import dev.bowline.session.engine.SessionStore.Credentials;
import dev.bowline.testkit.RedisProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;

/** What holds for any engine, over a real Redis. */
@Tag("once")
@TestInstance(TestInstance.Lifecycle.PER_METHOD)
abstract class EngineContractOverRedis extends EngineContract {
    /** A step of something under way is a command, or a message to a process: so many follow each other without a node's doing. */
    private static final int STEPS = 16;

    private static @Nullable RedisProcess redis;
    private static int prefixes;

    private final int processes;
    private final boolean keepSessions;
    private final List<RedisEngine> engines = new ArrayList<>();

    EngineContractOverRedis(int processes, boolean keepSessions) {
        this.processes = processes;
        this.keepSessions = keepSessions;
    }

    @BeforeAll
    static void startRedis() {
        redis = RedisProcess.launch();
    }

    @AfterAll
    static void stopRedis() {
        if (redis != null) {
            redis.close();
        }
    }

    /** Nodes go to the processes by turns. */
    @Override
    protected Engine engine() {
        if (redis == null) {
            throw new AssertionError("Redis was not started");
        }
        String prefix = "test" + ++prefixes;
        for (int i = 0; i < processes; i++) {
            engines.add(new RedisEngine(
                    RedisOptions.of(redis.uri()).withPrefix(prefix).withKeepSessions(keepSessions)));
        }
        engines.forEach(engine -> RedisTestBase.get(engine.site().processes().beat())); // all know each other
        int[] next = {0};
        return node -> engines.get(next[0]++ % processes).join(node);
    }

    @Override
    protected Credentials fromBefore() {
        return new Credentials("before-1", "secret");
    }

    @Override
    protected void settle() {
        for (int quiet = 0; quiet < STEPS; quiet++) {
            if (engines.stream().anyMatch(RedisEngine::isUnderWay)) {
                quiet = 0;
            }
            RedisTestBase.get(CompletableFuture.allOf(engines.stream()
                    .map(engine -> engine.roundTrip().toCompletableFuture())
                    .toArray(CompletableFuture[]::new)));
        }
    }

    @Override
    protected boolean outlivesClaimants() {
        return true;
    }

    @Override
    protected boolean hasItsOwnClock() {
        return true;
    }

    @Override
    protected int orders(int all) {
        return Math.min(all, 8);
    }

    @AfterEach
    final void closeEngines() {
        engines.forEach(RedisEngine::close);
    }
}
