/** TCP on Linux's epoll, called through the foreign-function API of Java 22 and later. */
@NullMarked
package dev.bowline.websocket.internal.transport.epoll;

import org.jspecify.annotations.NullMarked;
