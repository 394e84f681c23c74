/** What the HTTP API speaks for: what the program gives it, behind interfaces of a method or three, so that each can be another one in a test. */
@NullMarked
package dev.bowline.cli.api.parts;

import org.jspecify.annotations.NullMarked;
