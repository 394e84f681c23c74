/**
 * What the server's half of sessions asks of whoever keeps its state: topics' logs, sessions, presence, and the way between
 * nodes. Embedded, that is memory; with many nodes, a store that they share.
 */
@NullMarked
package dev.bowline.session.engine;

import org.jspecify.annotations.NullMarked;
