/** The commands that are clients of a server of Bowline's: by its HTTP API, or with a session. */
@NullMarked
package dev.bowline.cli.client;

import org.jspecify.annotations.NullMarked;
