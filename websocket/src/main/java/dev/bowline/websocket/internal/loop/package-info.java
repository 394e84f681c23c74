/** Event loops: one thread each, with timers, a buffer pool and the things to do at the end of a turn. */
@NullMarked
package dev.bowline.websocket.internal.loop;

import org.jspecify.annotations.NullMarked;
