/** What is measured by hand: see docs/compression.md. */
@NullMarked
package dev.bowline.verification.bench;

import org.jspecify.annotations.NullMarked;
