/** Other implementations for the JVM, behind one interface. */
@NullMarked
package dev.bowline.verification.interop.peer;

import org.jspecify.annotations.NullMarked;
