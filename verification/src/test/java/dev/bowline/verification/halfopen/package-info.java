/** Links on which packets vanish, without FIN or RST: everybody notices, and whoever reconnects goes on. */
@NullMarked
package dev.bowline.verification.halfopen;

import org.jspecify.annotations.NullMarked;
