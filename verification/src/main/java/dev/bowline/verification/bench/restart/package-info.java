/** What happens when a server restarts and all of its clients come back: see docs/restart.md. */
@NullMarked
package dev.bowline.verification.bench.restart;

import org.jspecify.annotations.NullMarked;
