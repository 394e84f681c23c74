package dev.bowline.verification.bench.nodes;

import dev.bowline.redis.RedisEngine;
import dev.bowline.redis.RedisOptions;
import dev.bowline.session.engine.Engine;
import dev.bowline.session.memory.MemoryEngine;
import java.util.UUID;

/** Where a node keeps its sessions and topics. */
enum Mode {
    /** In its own memory. */
    MEMORY("memory"),
    /** In Redis, and each session too as it changes. */
    KEPT("Redis, sessions kept"),
    /** In Redis, but for sessions, which go from node to node. */
    HANDED_OVER("Redis, sessions handed over");

    private final String label;

    Mode(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }

    /** @param redis its URI; of no meaning for memory */
    Engine engine(String redis) {
        return this == MEMORY
                ? new MemoryEngine(() -> UUID.randomUUID().toString())
                : new RedisEngine(RedisOptions.of(redis).withKeepSessions(this == KEPT));
    }
}
