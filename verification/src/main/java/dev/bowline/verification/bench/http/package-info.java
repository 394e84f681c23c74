/** What publishing by the HTTP API costs, beside publishing over a WebSocket and in the process of the hub. */
@NullMarked
package dev.bowline.verification.bench.http;

import org.jspecify.annotations.NullMarked;
