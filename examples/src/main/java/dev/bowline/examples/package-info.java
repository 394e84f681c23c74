/** Small complete programs; the README's snippets come from here. */
@NullMarked
package dev.bowline.examples;

import org.jspecify.annotations.NullMarked;
