/** The engine that keeps everything in the memory of one process. */
@NullMarked
package dev.bowline.session.memory;

import org.jspecify.annotations.NullMarked;
