/** The dashboard of {@code bowline serve}: what nodes tell of themselves, and the page that shows it. {@link Dashboard} puts it together. */
@NullMarked
package dev.bowline.cli.dashboard;

import org.jspecify.annotations.NullMarked;
