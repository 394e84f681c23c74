/** The configuration of the program: what may be set, and how it is read from a file, the environment and options. */
@NullMarked
package dev.bowline.cli.config;

import org.jspecify.annotations.NullMarked;
