/** The client behind {@code bowline connect}: for a person at a terminal, and for pipes. */
@NullMarked
package dev.bowline.cli.connect;

import org.jspecify.annotations.NullMarked;
