/** The program {@code bowline}: its commands, and the demo that {@code serve} serves. */
@NullMarked
package dev.bowline.cli;

import org.jspecify.annotations.NullMarked;
