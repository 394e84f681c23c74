/**
 * The proof that sessions hold on many nodes: three of them as processes on one Redis, a balancer before them, clients in Java and
 * JavaScript, and everything that happens to nodes, Redis and lines; with a checker of what everybody was told. See {@link
 * dev.bowline.verification.nodes.NodesMain}.
 */
@NullMarked
package dev.bowline.verification.nodes;

import org.jspecify.annotations.NullMarked;
