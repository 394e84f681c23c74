/** A client's session on an event loop. */
@NullMarked
package dev.bowline.realtime.internal.client;

import org.jspecify.annotations.NullMarked;
