package dev.bowline.redis;

import java.util.concurrent.CompletionStage;

/** Which life of Redis's it is: ids of sessions begin with it, and say so whether a session that is not known was lost with it. Safe from any thread. */
final class Incarnation {
    private static final int LENGTH = 8;

    private final Site site;
    private volatile String name = "";

    Incarnation(Site site) {
        this.site = site;
    }

    /** As it was when it was last learnt. */
    String name() {
        return name;
    }

    /** Learns it from Redis, which begins another one if it has lost the one before. */
    CompletionStage<String> learn() {
        String next = site.secrets().get().substring(0, LENGTH).replace('-', '0');
        return site.link()
                .run(Script.INCARNATION, site.keys().incarnation(), RedisLink.bytes(next))
                .thenApply(found -> {
                    String learnt = Reply.text(found, 0);
                    name = learnt;
                    return learnt;
                });
    }
}
