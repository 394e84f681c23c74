/** The engine of many nodes on Redis. So far it has the logs of topics, and who follows them; sessions and presence are to come. */
module dev.bowline.redis {
    requires static transitive org.jspecify;
    requires transitive dev.bowline.session;
    requires lettuce.core;
    requires io.netty.common;
    requires io.netty.transport;

    exports dev.bowline.redis;
}
