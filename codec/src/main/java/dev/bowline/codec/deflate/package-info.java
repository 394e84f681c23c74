/** Compression of messages: {@code permessage-deflate} (RFC 7692), with a DEFLATE compressor (RFC 1951) of its own. */
@NullMarked
package dev.bowline.codec.deflate;

import org.jspecify.annotations.NullMarked;
