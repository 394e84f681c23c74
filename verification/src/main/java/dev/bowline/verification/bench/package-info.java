/** What is measured by hand: see docs/codec-benchmarks.md and docs/compression.md. */
@NullMarked
package dev.bowline.verification.bench;

import org.jspecify.annotations.NullMarked;
