/** What the server does before a WebSocket is open: accepting, HTTP heads, static responses, upgrade decisions. */
@NullMarked
package dev.bowline.websocket.internal.server;

import org.jspecify.annotations.NullMarked;
