package dev.bowline.redis;

/** What holds for any engine: all nodes in one process. */
class OneProcessEngineTest extends EngineContractOverRedis {
    OneProcessEngineTest() {
        super(1, true);
    }
}
