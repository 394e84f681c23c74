/** TCP behind one small contract, with two ways to move the bytes: JDK NIO, and epoll on Linux with Java 22 and later. */
@NullMarked
package dev.bowline.websocket.internal.transport;

import org.jspecify.annotations.NullMarked;
