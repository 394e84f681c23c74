/** Tests of the soak, and a short one. */
@NullMarked
package dev.bowline.verification.soak;

import org.jspecify.annotations.NullMarked;
