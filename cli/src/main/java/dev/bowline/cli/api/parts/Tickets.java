package dev.bowline.cli.api.parts;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Issues tickets: each lets one connection in, once and soon. From any thread; does not block. */
public interface Tickets {
    /**
     * What a ticket is to say.
     *
     * @param user whom it is for
     * @param rights patterns of topics and names by action: {@code subscribe}, {@code publish}, {@code presence}, {@code request}, {@code
     *     send}; empty for none beyond everybody's
     * @param attributes of the session that begins with it
     * @param ttl how long it is good; null for the default
     * @param sessionTtl how long the session's authentication holds then; null for the default
     */
    record Order(
            String user,
            Map<String, List<String>> rights,
            Map<String, String> attributes,
            @Nullable Duration ttl,
            @Nullable Duration sessionTtl) {
        public Order {
            rights = Map.copyOf(rights);
            attributes = Map.copyOf(attributes);
        }
    }

    /**
     * A ticket.
     *
     * @param text what the client gives in place of a token
     * @param ttl how long it is good
     */
    record Ticket(String text, Duration ttl) {
        /** Without the ticket. */
        @Override
        public String toString() {
            return "Ticket[" + ttl + "]";
        }
    }

    /**
     * Issues a ticket.
     *
     * @throws IllegalArgumentException for what no ticket can say: the message tells the caller why
     */
    Ticket issue(Order order);
}
