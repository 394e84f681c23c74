/** What the client does before a WebSocket is open: names, addresses, proxies, the opening handshake. */
@NullMarked
package dev.bowline.websocket.internal.client;

import org.jspecify.annotations.NullMarked;
