/** The load generator behind {@code bowline bench}: opens connections, loads them, checks the answers, and reports. */
@NullMarked
package dev.bowline.cli.bench;

import org.jspecify.annotations.NullMarked;
