/** Peers that mean harm, beside one that must not notice. */
@NullMarked
package dev.bowline.verification.hostile;

import org.jspecify.annotations.NullMarked;
