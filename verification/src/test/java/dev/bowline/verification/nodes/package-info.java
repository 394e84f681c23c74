/** The proof of many nodes, in short, and of its checker. */
@NullMarked
package dev.bowline.verification.nodes;

import org.jspecify.annotations.NullMarked;
