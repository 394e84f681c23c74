/** TCP behind one small contract: JDK NIO today, other ways to move bytes later. */
@NullMarked
package dev.bowline.websocket.internal.transport;

import org.jspecify.annotations.NullMarked;
