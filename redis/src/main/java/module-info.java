/** The engine of many nodes on Redis: logs, sessions and presence that all nodes share. */
module dev.bowline.redis {
    requires static transitive org.jspecify;
    requires transitive dev.bowline.session;
    requires lettuce.core;
    requires io.netty.common;
    // Lettuce's own needs, which its module does not name.
    requires io.netty.resolver.dns;
    requires org.slf4j;
    requires io.netty.transport;

    exports dev.bowline.redis;
}
