/** The conformance suite: every case of RFC 6455 and RFC 7692 that the field tests with, against our server and client. */
@NullMarked
package dev.bowline.verification.conformance;

import org.jspecify.annotations.NullMarked;
