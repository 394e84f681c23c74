/** The opening handshake of RFC 6455 §4 without I/O: an HTTP/1.1 head parser and the rules of both roles. */
@NullMarked
package dev.bowline.codec.handshake;

import org.jspecify.annotations.NullMarked;
