/** The server's side of the simulation that plays in {@code verification/simulation}: a real one, behind a proxy with faults. */
@NullMarked
package dev.bowline.verification.simulation;

import org.jspecify.annotations.NullMarked;
