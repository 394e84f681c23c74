/** The HTTP API of {@code bowline serve}, for other programs: publish, send, look, end. {@link ApiServer} serves it. */
@NullMarked
package dev.bowline.cli.api;

import org.jspecify.annotations.NullMarked;
