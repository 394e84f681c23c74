/** The program bowline, as a process. */
@NullMarked
package dev.bowline.verification.program;

import org.jspecify.annotations.NullMarked;
