/** The engine of many nodes: topics, sessions and presence in Redis. */
module dev.bowline.redis {
    requires static transitive org.jspecify;
    requires transitive dev.bowline.session;
    requires lettuce.core;

    exports dev.bowline.redis;
}
