/** TLS on an event loop: a stream of plaintext over a stream of records, with the JDK's {@code SSLEngine} between. */
@NullMarked
package dev.bowline.websocket.internal.tls;

import org.jspecify.annotations.NullMarked;
