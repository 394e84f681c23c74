/** What the proofs share: other programs as processes, requirements of the machine, content by hash. */
@NullMarked
package dev.bowline.verification.support;

import org.jspecify.annotations.NullMarked;
