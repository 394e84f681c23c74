/**
 * The engine of sessions on Redis: nodes that share it are one server, and a session can be resumed on any of them. {@link
 * dev.bowline.redis.RedisEngine} is to be given to a hub; {@link dev.bowline.redis.RedisOptions} says where Redis is.
 */
@NullMarked
package dev.bowline.redis;

import org.jspecify.annotations.NullMarked;
