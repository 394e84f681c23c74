/**
 * The servers of the comparison, each a process: {@code main} takes a mode ({@code echo}, {@code broadcast} or
 * {@code deflate}), binds a free port of 127.0.0.1, and obeys the {@link Console}. Each is written as its own documentation
 * recommends for speed, with one event loop where it has such, as it gets one core.
 */
@NullMarked
package dev.bowline.verification.bench.servers;

import org.jspecify.annotations.NullMarked;
