package dev.bowline.codec;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The negotiation of one kind of extension (RFC 6455 §9.1), for either role: pure functions, free of state, safe from
 * any thread.
 */
public interface ExtensionNegotiator {
    /** The registered token. */
    String name();

    /** As client: what to offer, the most wanted first. */
    List<ExtensionParameters> offers();

    /** As server: the answer to the client's offers of this name, in the client's order; null to decline them all. */
    @Nullable
    Agreement answer(List<ExtensionParameters> offers);

    /** As client: what the server's answer means; null if it is not an answer to {@link #offers}. */
    @Nullable
    Agreement accept(ExtensionParameters answer);

    /**
     * What both ends agreed on.
     *
     * @param parameters as they stand in the server's answer
     * @param extension makes the connection's instance, given what the connections of its thread share; called on that
     *     thread
     */
    record Agreement(ExtensionParameters parameters, Function<ExtensionScope, Extension> extension) {}
}
