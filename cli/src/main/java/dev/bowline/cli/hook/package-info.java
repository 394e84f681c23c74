/** Webhooks: a back end is told by HTTP POST what happens, and asked what clients want to know. */
@NullMarked
package dev.bowline.cli.hook;

import org.jspecify.annotations.NullMarked;
