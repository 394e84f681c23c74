/** What many nodes on one Redis cost, and how sessions go from one to another: {@code scripts/bench nodes}. */
@NullMarked
package dev.bowline.verification.bench.nodes;

import org.jspecify.annotations.NullMarked;
