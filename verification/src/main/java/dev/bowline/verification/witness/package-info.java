/** What hears on the server's side what was done, whatever clients say of it. */
@NullMarked
package dev.bowline.verification.witness;

import org.jspecify.annotations.NullMarked;
