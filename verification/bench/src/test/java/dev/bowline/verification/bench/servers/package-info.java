/** Proves that the servers of the comparison do what they are measured at. */
@NullMarked
package dev.bowline.verification.bench.servers;

import org.jspecify.annotations.NullMarked;
