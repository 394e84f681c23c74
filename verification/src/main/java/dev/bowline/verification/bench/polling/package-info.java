/** The same news by polling, by long polling and by push: {@code scripts/bench polling}. */
@NullMarked
package dev.bowline.verification.bench.polling;

import org.jspecify.annotations.NullMarked;
