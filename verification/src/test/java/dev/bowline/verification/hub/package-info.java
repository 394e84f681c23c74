/** Hubs whose engine is Redis: one alone does what it does in memory, and two are one. */
@NullMarked
package dev.bowline.verification.hub;

import org.jspecify.annotations.NullMarked;
