/** Engines of tests: one that hears on the server's side what was done, whatever clients say of it; one whose logs change epochs. */
@NullMarked
package dev.bowline.verification.witness;

import org.jspecify.annotations.NullMarked;
