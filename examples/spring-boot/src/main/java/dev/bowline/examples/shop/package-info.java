/** A shop on Spring Boot that tells its customers at once what becomes of their orders. */
@NullMarked
package dev.bowline.examples.shop;

import org.jspecify.annotations.NullMarked;
