/** The soak: thousands of connections, traffic of every kind and every way to fail, for as long as one likes. */
@NullMarked
package dev.bowline.verification.soak;

import org.jspecify.annotations.NullMarked;
