package dev.bowline.cli.api;

import dev.bowline.realtime.Hub;
import org.jspecify.annotations.Nullable;

/**
 * What the HTTP API speaks for.
 *
 * @param hub not closed with the API; close the API first
 * @param sessions of this node
 * @param tickets null where none are issued
 * @param metrics null where there are none
 * @param readiness for those who ask whether to send clients here
 */
public record ApiParts(
        Hub hub,
        SessionDirectory sessions,
        @Nullable Tickets tickets,
        @Nullable MetricsSource metrics,
        Readiness readiness) {}
