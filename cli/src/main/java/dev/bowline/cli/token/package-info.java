/** Who a client is: signed tokens (JWT), the keys that they are verified by, tickets that are good once, and the rights that both give. */
@NullMarked
package dev.bowline.cli.token;

import org.jspecify.annotations.NullMarked;
