/** The interoperability matrix: every other implementation, in each role, over plain TCP and TLS, with each parameter set. */
@NullMarked
package dev.bowline.verification.interop.matrix;

import org.jspecify.annotations.NullMarked;
