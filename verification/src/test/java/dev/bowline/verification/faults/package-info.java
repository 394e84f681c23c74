/** What a server does when the platform fails it: no files, no memory, no disk. */
@NullMarked
package dev.bowline.verification.faults;

import org.jspecify.annotations.NullMarked;
