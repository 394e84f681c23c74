/** Ten thousand connections on one server. */
@NullMarked
package dev.bowline.verification.scale;

import org.jspecify.annotations.NullMarked;
