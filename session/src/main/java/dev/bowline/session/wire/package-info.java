/**
 * The messages of {@code bowline.v1} as they stand on the wire, and back ({@code protocol/bowline-v1.md}, sections 2 to 7).
 */
@NullMarked
package dev.bowline.session.wire;

import org.jspecify.annotations.NullMarked;
