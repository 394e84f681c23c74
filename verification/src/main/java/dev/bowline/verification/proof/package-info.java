/** The server's side of the proof that sessions hold in a browser: what a hub was told and said, on record; and the network in between. */
@NullMarked
package dev.bowline.verification.proof;

import org.jspecify.annotations.NullMarked;
