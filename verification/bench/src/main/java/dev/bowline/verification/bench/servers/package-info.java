/**
 * The servers of the comparison, each a process: {@code main} takes a mode ({@code echo}, {@code broadcast} or {@code
 * deflate}), binds a free port of 127.0.0.1, and obeys the {@link Console}. Each is written as its own documentation
 * recommends for speed, with one event loop where it has such, as it gets one core; what was chosen, and why, stands at
 * each. What all are given alike is in {@link Settings}. None of them logs. Where they compress, they do so at one
 * level, each message by itself: the client's offer asks for no context in either direction. A process that has no such
 * mode says so and ends with {@link Mode#UNABLE}.
 */
@NullMarked
package dev.bowline.verification.bench.servers;

import org.jspecify.annotations.NullMarked;
