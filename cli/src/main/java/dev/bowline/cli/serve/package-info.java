/** The server behind {@code bowline serve}, and the demo that it serves. */
@NullMarked
package dev.bowline.cli.serve;

import org.jspecify.annotations.NullMarked;
