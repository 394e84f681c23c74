/** The server's half of sessions, without I/O, threads or a clock ({@code bowline-v1.md}). */
@NullMarked
package dev.bowline.session.server;

import org.jspecify.annotations.NullMarked;
