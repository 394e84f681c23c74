/**
 * The engine of sessions on Redis: nodes that share it are one server. So far the logs of topics, and who follows them; tested with a single
 * server of Redis 7.0.
 */
@NullMarked
package dev.bowline.redis;

import org.jspecify.annotations.NullMarked;
