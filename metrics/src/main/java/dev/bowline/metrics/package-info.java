/** The statistics of servers and hubs for Micrometer; {@link dev.bowline.metrics.BowlineMetrics} is where to begin. */
@NullMarked
package dev.bowline.metrics;

import org.jspecify.annotations.NullMarked;
