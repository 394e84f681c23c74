/** One behaviour suite, run with many other implementations of WebSocket. */
@NullMarked
package dev.bowline.verification.interop;

import org.jspecify.annotations.NullMarked;
