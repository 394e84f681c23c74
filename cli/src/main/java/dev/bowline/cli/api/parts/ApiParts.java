package dev.bowline.cli.api.parts;

import dev.bowline.realtime.Hub;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the HTTP API speaks for.
 *
 * @param hub not closed with the API; close the API first
 * @param sessions of this node
 * @param tickets null where none are issued
 * @param metrics null where there are none
 * @param readiness for those who ask whether to send clients here
 * @param watch null where nobody watches over nodes
 * @param pages files for browsers, by their paths; anybody may have them
 */
public record ApiParts(
        Hub hub,
        SessionDirectory sessions,
        @Nullable Tickets tickets,
        @Nullable MetricsSource metrics,
        Readiness readiness,
        @Nullable NodeWatch watch,
        Map<String, PageFile> pages) {
    public ApiParts {
        pages = Map.copyOf(pages);
    }

    /** For programs alone. */
    public ApiParts(
            Hub hub,
            SessionDirectory sessions,
            @Nullable Tickets tickets,
            @Nullable MetricsSource metrics,
            Readiness readiness) {
        this(hub, sessions, tickets, metrics, readiness, null, Map.of());
    }
}
