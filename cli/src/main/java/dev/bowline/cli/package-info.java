/** The program {@code bowline}: what all of its commands have in common. */
@NullMarked
package dev.bowline.cli;

import org.jspecify.annotations.NullMarked;
