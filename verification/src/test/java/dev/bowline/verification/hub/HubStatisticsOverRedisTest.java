package dev.bowline.verification.hub;

import dev.bowline.realtime.HubStatisticsTest;
import dev.bowline.session.engine.Engine;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;

/** As in memory. */
@Tag("once")
class HubStatisticsOverRedisTest extends HubStatisticsTest {
    @RegisterExtension
    static final RedisForTests REDIS = new RedisForTests();

    @Override
    protected Engine engine() {
        return REDIS.engine(REDIS.newPrefix());
    }

    @Override
    protected void closeEngines() {
        REDIS.closeEngines();
    }
}
