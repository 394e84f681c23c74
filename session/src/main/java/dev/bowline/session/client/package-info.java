/** The client's half of a session, without I/O, threads or a clock ({@code bowline-v1.md}). */
@NullMarked
package dev.bowline.session.client;

import org.jspecify.annotations.NullMarked;
