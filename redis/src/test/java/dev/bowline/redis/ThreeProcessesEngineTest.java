package dev.bowline.redis;

/** What holds for any engine: each node in a process of its own. */
class ThreeProcessesEngineTest extends EngineContractOverRedis {
    ThreeProcessesEngineTest() {
        super(3, true);
    }
}
