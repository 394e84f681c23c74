package dev.bowline.verification.hub;

import dev.bowline.redis.RedisEngine;
import dev.bowline.redis.RedisOptions;
import dev.bowline.testkit.RedisProcess;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A Redis for a class of tests, which keeps every write over its end, and engines on it. Used by one thread. */
final class RedisForTests implements BeforeAllCallback, AfterAllCallback {
    private final List<RedisEngine> engines = new ArrayList<>();
    private @Nullable RedisProcess redis;
    private int prefixes;

    @Override
    public void beforeAll(ExtensionContext context) {
        if (redis == null) { // nested classes come here too
            redis = RedisProcess.launch("--appendonly", "yes", "--appendfsync", "always");
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (redis != null && context.getRequiredTestClass().getEnclosingClass() == null) {
            redis.close();
            redis = null;
        }
    }

    RedisProcess process() {
        if (redis == null) {
            throw new IllegalStateException("Redis was not started");
        }
        return redis;
    }

    /** One that no engine has had. */
    String newPrefix() {
        return "test" + ++prefixes;
    }

    /** An engine; with the same prefix they are one. */
    RedisEngine engine(String prefix) {
        return engine(RedisOptions.of(process().uri()).withPrefix(prefix));
    }

    RedisEngine engine(RedisOptions options) {
        RedisEngine engine = new RedisEngine(options);
        engines.add(engine);
        return engine;
    }

    void closeEngines() {
        engines.forEach(RedisEngine::close);
        engines.clear();
    }
}
