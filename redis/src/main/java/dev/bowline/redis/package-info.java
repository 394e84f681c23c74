/**
 * The engine of sessions on Redis: nodes that share it are one server. Redis 6.2 or later; a single server, one behind Sentinel, or a
 * cluster.
 */
@NullMarked
package dev.bowline.redis;

import org.jspecify.annotations.NullMarked;
