/**
 * Servers of {@code bowline.v1} before a client that knows nothing but the page that describes it: {@code protocol/bowline-v1.md}. It
 * shares no code with the clients of this project.
 */
@NullMarked
package dev.bowline.verification.sessions;

import org.jspecify.annotations.NullMarked;
