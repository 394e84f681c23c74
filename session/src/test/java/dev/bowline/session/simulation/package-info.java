/** Sessions in a world of their own, where time is a number and chance a seed. */
@NullMarked
package dev.bowline.session.simulation;

import org.jspecify.annotations.NullMarked;
