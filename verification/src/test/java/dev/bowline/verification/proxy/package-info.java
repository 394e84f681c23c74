/** Proxies that people put before a server. */
@NullMarked
package dev.bowline.verification.proxy;

import org.jspecify.annotations.NullMarked;
