/** The log of everything in this module. */
@NullMarked
package dev.bowline.websocket.internal.log;

import org.jspecify.annotations.NullMarked;
