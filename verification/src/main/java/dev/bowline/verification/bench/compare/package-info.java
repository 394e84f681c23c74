/**
 * The comparison of servers: starts each as a process on one core, loads it from another one, in turn and in several rounds, and
 * writes {@code docs/benchmarks.md} from what came out.
 */
@NullMarked
package dev.bowline.verification.bench.compare;

import org.jspecify.annotations.NullMarked;
