/** RFC 6455 without I/O: bytes to WebSocket events and back, for either role. */
@NullMarked
package dev.bowline.codec;

import org.jspecify.annotations.NullMarked;
