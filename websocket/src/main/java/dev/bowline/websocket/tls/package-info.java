/** TLS for servers ({@code wss://}) and clients: identities, trust, and what either side demands of the other. */
@NullMarked
package dev.bowline.websocket.tls;

import org.jspecify.annotations.NullMarked;
