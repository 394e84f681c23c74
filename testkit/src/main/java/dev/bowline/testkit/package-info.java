/** Tools for tests that use no other Bowline module. */
@NullMarked
package dev.bowline.testkit;

import org.jspecify.annotations.NullMarked;
