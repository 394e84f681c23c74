package dev.bowline.redis;

/** What holds for any engine: sessions that are not kept, but handed over, from process to process. */
class HandedOverEngineTest extends EngineContractOverRedis {
    HandedOverEngineTest() {
        super(3, false);
    }
}
