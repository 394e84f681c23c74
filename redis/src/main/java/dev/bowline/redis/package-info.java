/**
 * The engine of sessions on Redis: nodes that share it are one server. So far the logs of topics, and who follows them; tested with
 * Redis 7.0: a single server, one behind Sentinel, and a cluster. In a cluster too messages are published to all its nodes, not by shard: a
 * pattern's followers hear nothing of a shard's channel.
 */
@NullMarked
package dev.bowline.redis;

import org.jspecify.annotations.NullMarked;
